import {
  AttributeType,
  ElementType,
  EXTERNAL_DATA,
  encodeModel,
  type AttributeMessage,
  type GraphMessage,
  type TensorMessage,
  type ValueInfoMessage,
} from './proto';

/** The name of a tensor in the graph. Layers pass these along as if they were the tensors. */
export type Value = string & { readonly graphValue: unique symbol };

/** A number, or the name of a size that is known only when the graph runs. */
export type Dimension = number | string;

/** `float` is spelled out because ONNX tells 1 from 1.0 and JavaScript does not. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly body: GraphMessage };

export interface OpOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Operators of onnxruntime itself stand in `com.microsoft`. */
  readonly domain?: 'com.microsoft';
}

/** Opset 20 is the first with Gelu; IR version 9 is the one that came with it. */
const OPSET_VERSION = 20;
const IR_VERSION = 9;

/** An operator input that is left out. */
export const ABSENT = '' as Value;

/** Collects the nodes of one ONNX graph in the order in which they are called for, which is a topological one. */
export class GraphBuilder {
  private readonly graph: GraphMessage;
  /** The graph that nodes are added to: `graph`, or a body in it. */
  private current: GraphMessage;
  private readonly constants = new Map<string, Value>();
  private readonly initializers = new Set<string>();
  private readonly counters = new Map<string, number>();
  private prefix = '';

  constructor(name: string) {
    this.graph = this.current = emptyGraph(name);
  }

  /**
   * The graph of an operator's attribute, such as a Loop's body: what `build` adds goes there. It sees the values of the outer
   * graph, which keeps all weights and constants.
   */
  body(name: string, build: () => void): GraphMessage {
    const outer = this.current;
    const body = emptyGraph(name);
    this.current = body;
    try {
      this.scope(name, build);
    } finally {
      this.current = outer;
    }
    return body;
  }

  /** Names the nodes that `build` adds after the part of the model they belong to, for profilers and error messages. */
  scope<T>(name: string, build: () => T): T {
    const outer = this.prefix;
    this.prefix = `${outer}${name}/`;
    try {
      return build();
    } finally {
      this.prefix = outer;
    }
  }

  input(name: string, type: ElementType, dims: readonly Dimension[]): Value {
    this.current.input.push(valueInfo(name, type, dims));
    return name as Value;
  }

  /** Makes `value` an output under `name`. The extra Identity is removed when the session is made. */
  output(name: string, value: Value, type: ElementType, dims: readonly Dimension[]): void {
    this.current.node.push({
      input: [value],
      output: [name],
      name: `output/${name}`,
      opType: 'Identity',
      domain: '',
      attribute: [],
    });
    this.current.output.push(valueInfo(name, type, dims));
  }

  /** States the type of an inner value where the runtime cannot infer it. */
  declare(value: Value, type: ElementType, dims: readonly Dimension[]): void {
    this.current.valueInfo.push(valueInfo(value, type, dims));
  }

  op(opType: string, inputs: readonly Value[], options: OpOptions = {}): Value {
    const [output] = this.ops(opType, inputs, 1, options);
    return output as Value;
  }

  /** An operator with `outputs` outputs. */
  ops(opType: string, inputs: readonly Value[], outputs: number, options: OpOptions = {}): Value[] {
    const name = this.unique(`${this.prefix}${opType}`);
    const output = Array.from(
      { length: outputs },
      (_, index) => (index === 0 ? name : `${name}:${index}`) as Value,
    );
    this.current.node.push({
      input: [...inputs],
      output,
      name,
      opType,
      domain: options.domain ?? '',
      attribute: Object.entries(options.attributes ?? {}).map(([key, value]) =>
        attribute(key, value),
      ),
    });
    return output;
  }

  /** A one-dimensional constant of whole numbers: shapes, axes. */
  integers(...values: number[]): Value {
    const data = new BigInt64Array(values.map(BigInt));
    return this.constant(`int64:${values.join(',')}`, ElementType.int64, [values.length], data);
  }

  /** A constant without dimensions. */
  integer(value: number): Value {
    return this.constant(`int64 ${value}`, ElementType.int64, [], BigInt64Array.of(BigInt(value)));
  }

  float(value: number): Value {
    return this.constant(`float32 ${value}`, ElementType.float32, [], Float32Array.of(value));
  }

  /** A constant table of the caller's, stored in the graph. `name` must say what it is. */
  table(name: string, dims: readonly number[], data: Float32Array): Value {
    return this.constant(name, ElementType.float32, dims, data);
  }

  /** A tensor that lies in another file, at `offset`; mapped, not copied. */
  external(
    name: string,
    type: ElementType,
    dims: readonly number[],
    file: { location: string; offset: number; length: number },
  ): Value {
    if (!this.initializers.has(name)) {
      const entries = { location: file.location, offset: file.offset, length: file.length };
      this.addInitializer({
        dims,
        dataType: type,
        name,
        dataLocation: EXTERNAL_DATA,
        externalData: Object.entries(entries).map(([key, value]) => ({ key, value: `${value}` })),
      });
    }
    return name as Value;
  }

  /** The bytes of the .onnx file. */
  finish(): Uint8Array {
    return encodeModel({
      irVersion: IR_VERSION,
      producerName: 'headlight',
      opsetImport: [
        { domain: '', version: OPSET_VERSION },
        { domain: 'com.microsoft', version: 1 },
      ],
      graph: this.graph,
    });
  }

  private constant(
    key: string,
    type: ElementType,
    dims: readonly number[],
    data: BigInt64Array | Float32Array,
  ): Value {
    let value = this.constants.get(key);
    if (!value) {
      value = `constant/${key}` as Value;
      const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      this.addInitializer({ dims, dataType: type, name: value, rawData });
      this.constants.set(key, value);
    }
    return value;
  }

  private addInitializer(tensor: TensorMessage): void {
    this.initializers.add(tensor.name);
    this.graph.initializer.push(tensor);
  }

  private unique(name: string): string {
    const count = this.counters.get(name) ?? 0;
    this.counters.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  }
}

function emptyGraph(name: string): GraphMessage {
  return { name, node: [], initializer: [], input: [], output: [], valueInfo: [] };
}

function valueInfo(
  name: string,
  elemType: ElementType,
  dims: readonly Dimension[],
): ValueInfoMessage {
  const dim = dims.map((size) =>
    typeof size === 'number' ? { dimValue: size } : { dimParam: size },
  );
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

function attribute(name: string, value: Attribute): AttributeMessage {
  if (typeof value === 'number') return { name, type: AttributeType.int, i: value };
  if (typeof value === 'string')
    return { name, type: AttributeType.string, s: new TextEncoder().encode(value) };
  if ('body' in value) return { name, type: AttributeType.graph, g: value.body };
  if ('float' in value) return { name, type: AttributeType.float, f: value.float };
  return { name, type: AttributeType.ints, ints: value };
}
