/**
 * The only door to onnxruntime-node: whoever comes through here has its telemetry off and its half precision right. The order of
 * the first two imports matters.
 */
import './noTelemetry';
import { InferenceSession, Tensor, listSupportedBackends } from 'onnxruntime-node';
import { withoutFloat16Array } from './halfTensors';

withoutFloat16Array(() => new Tensor('bool', [true], [1]));

export { InferenceSession, Tensor, listSupportedBackends };
