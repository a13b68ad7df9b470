/** The only door to onnxruntime-node: whoever comes through here has its telemetry off. The order of the two lines matters. */
import './noTelemetry';
export { InferenceSession, Tensor, listSupportedBackends } from 'onnxruntime-node';
