import type { TransformerConfig } from '../config';
import type { GraphBuilder, Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import { weightsError, type Weights, type WeightTensor, type WeightType } from '../weights';

/** What the numbers of a graph are: `int8` means int8 weights and products, with float32 between them. */
export type Precision = 'fp32' | 'fp16' | 'int8';

/** `fused`: one runtime operator per attention. `plain`: the formula of the paper in standard ONNX operators. */
export type AttentionKind = 'fused' | 'plain';

/** What every layer needs to emit itself. */
export interface Network {
  readonly graph: GraphBuilder;
  readonly config: TransformerConfig;
  readonly weights: WeightSource;
  readonly precision: Precision;
  readonly attention: AttentionKind;
  /** Element type of everything that flows between layers. */
  readonly floatType: ElementType;
}

const ONNX_TYPES: Readonly<Partial<Record<WeightType, ElementType>>> = {
  F32: ElementType.float32,
  F16: ElementType.float16,
  I8: ElementType.int8,
};

/** Casts to the network's float type; nothing where it is that type already. */
export function cast(network: Network, value: Value, from: ElementType, to?: ElementType): Value {
  const target = to ?? network.floatType;
  if (from === target) return value;
  return network.graph.op('Cast', [value], { attributes: { to: target } });
}

/** A float constant without dimensions in the network's float type. */
export function scalar(network: Network, value: number): Value {
  return cast(network, network.graph.float(value), ElementType.float32);
}

const EMBEDDING_NAMES = ['model.encoder.embed_tokens.weight', 'model.decoder.embed_tokens.weight'];

/** The tensors of model.safetensors, brought into a graph by offset. Throws modelWeightsInvalid for what does not fit. */
export class WeightSource {
  constructor(
    private readonly weights: Weights,
    private readonly location: string,
  ) {}

  /** Our int8 layout is told from a float checkpoint by the dtype of its embedding. */
  get quantized(): boolean {
    return this.describe('model.shared.weight').dtype === 'I8';
  }

  describe(name: string): WeightTensor {
    const tensor = this.weights.get(name) ?? this.alias(name);
    if (!tensor) throw weightsError(name, 'is missing');
    return tensor;
  }

  /** A tied tensor is stored once, and which of its names it keeps depends on what wrote the file. */
  private alias(name: string): WeightTensor | undefined {
    if (name !== 'model.shared.weight') return undefined;
    const stored = EMBEDDING_NAMES.find((other) => this.weights.has(other));
    return stored === undefined ? undefined : this.weights.get(stored);
  }

  /**
   * The tensor as it lies in the file. `dims` is what config.json says; a stored leading 1 is let through, because Marian keeps
   * its bias as [1, V].
   */
  raw(
    graph: GraphBuilder,
    name: string,
    dims: readonly number[],
    allowed: readonly WeightType[],
  ): Value {
    const tensor = this.describe(name);
    const stored = tensor.shape.length === dims.length + 1 && tensor.shape[0] === 1 ? 1 : 0;
    if (tensor.shape.slice(stored).join() !== dims.join())
      throw weightsError(name, `is [${tensor.shape.join()}], config.json needs [${dims.join()}]`);
    const type = ONNX_TYPES[tensor.dtype];
    if (type === undefined || !allowed.includes(tensor.dtype))
      throw weightsError(name, `is ${tensor.dtype}, not ${allowed.join(' or ')}`);
    return graph.external(name, type, dims, { ...tensor, location: this.location });
  }

  /** A floating-point tensor in the network's float type. The runtime folds the cast when the session is made. */
  float(network: Network, name: string, dims: readonly number[]): Value {
    const value = this.raw(network.graph, name, dims, ['F32', 'F16']);
    const stored = this.describe(name).dtype === 'F16' ? ElementType.float16 : ElementType.float32;
    return cast(network, value, stored);
  }
}
