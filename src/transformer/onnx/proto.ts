/**
 * The message types of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that a graph of ours uses, with
 * their field numbers. Everything else of the format is left out on purpose: what is not here cannot be written.
 */
import protobuf from 'protobufjs/light';

/** TensorProto.DataType */
export const ElementType = {
  float32: 1,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const;
export type ElementType = (typeof ElementType)[keyof typeof ElementType];

/** AttributeProto.AttributeType */
export const AttributeType = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;

/** TensorProto.DataLocation */
export const EXTERNAL_DATA = 1;

export interface AttributeMessage {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  g?: GraphMessage;
  ints?: readonly number[];
}

export interface NodeMessage {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  domain: string;
  attribute: AttributeMessage[];
}

export interface TensorMessage {
  dims: readonly number[];
  dataType: ElementType;
  name: string;
  rawData?: Uint8Array;
  externalData?: { key: string; value: string }[];
  dataLocation?: number;
}

export interface ValueInfoMessage {
  name: string;
  type: {
    tensorType: {
      elemType: ElementType;
      shape: { dim: ({ dimValue: number } | { dimParam: string })[] };
    };
  };
}

export interface GraphMessage {
  name: string;
  node: NodeMessage[];
  initializer: TensorMessage[];
  input: ValueInfoMessage[];
  output: ValueInfoMessage[];
  valueInfo: ValueInfoMessage[];
}

export interface ModelMessage {
  irVersion: number;
  producerName: string;
  opsetImport: { domain: string; version: number }[];
  graph: GraphMessage;
}

type Field = [name: string, type: string, id: number];

function message(single: readonly Field[], repeated: readonly Field[] = []) {
  const entry = ([name, type, id]: Field) => [name, { type, id }] as const;
  const list = ([name, type, id]: Field) => [name, { rule: 'repeated', type, id }] as const;
  return { fields: Object.fromEntries([...single.map(entry), ...repeated.map(list)]) };
}

const root = protobuf.Root.fromJSON({
  nested: {
    ModelProto: message(
      [
        ['irVersion', 'int64', 1],
        ['producerName', 'string', 2],
        ['graph', 'GraphProto', 7],
      ],
      [['opsetImport', 'OperatorSetIdProto', 8]],
    ),
    OperatorSetIdProto: message([
      ['domain', 'string', 1],
      ['version', 'int64', 2],
    ]),
    GraphProto: message(
      [['name', 'string', 2]],
      [
        ['node', 'NodeProto', 1],
        ['initializer', 'TensorProto', 5],
        ['input', 'ValueInfoProto', 11],
        ['output', 'ValueInfoProto', 12],
        ['valueInfo', 'ValueInfoProto', 13],
      ],
    ),
    NodeProto: message(
      [
        ['name', 'string', 3],
        ['opType', 'string', 4],
        ['domain', 'string', 7],
      ],
      [
        ['input', 'string', 1],
        ['output', 'string', 2],
        ['attribute', 'AttributeProto', 5],
      ],
    ),
    AttributeProto: message(
      [
        ['name', 'string', 1],
        ['f', 'float', 2],
        ['i', 'int64', 3],
        ['s', 'bytes', 4],
        ['g', 'GraphProto', 6],
        ['type', 'int32', 20],
      ],
      [['ints', 'int64', 8]],
    ),
    TensorProto: message(
      [
        ['dataType', 'int32', 2],
        ['name', 'string', 8],
        ['rawData', 'bytes', 9],
        ['dataLocation', 'int32', 14],
      ],
      [
        ['dims', 'int64', 1],
        ['externalData', 'StringStringEntryProto', 13],
      ],
    ),
    StringStringEntryProto: message([
      ['key', 'string', 1],
      ['value', 'string', 2],
    ]),
    ValueInfoProto: message([
      ['name', 'string', 1],
      ['type', 'TypeProto', 2],
    ]),
    TypeProto: message([['tensorType', 'TensorTypeProto', 1]]),
    TensorTypeProto: message([
      ['elemType', 'int32', 1],
      ['shape', 'TensorShapeProto', 2],
    ]),
    TensorShapeProto: message([], [['dim', 'DimensionProto', 1]]),
    DimensionProto: message([
      ['dimValue', 'int64', 1],
      ['dimParam', 'string', 2],
    ]),
  },
});

const modelType = root.lookupType('ModelProto');

/** The bytes of an .onnx file. */
export function encodeModel(model: ModelMessage): Uint8Array {
  return modelType.encode(model).finish();
}
