/**
 * The only door to onnxruntime-node: whoever comes through here has its telemetry off, the binding that CUDA support needs, and
 * its half precision right. The order of the first three imports matters.
 */
import './noTelemetry';
import './cudaBinding';
import { env, InferenceSession, Tensor, listSupportedBackends } from 'onnxruntime-node';
import { withoutFloat16Array } from './halfTensors';

withoutFloat16Array(() => new Tensor('bool', [true], [1]));

export { env, InferenceSession, Tensor, listSupportedBackends };
