/**
 * The engine process: forked by the host, it is the only place where the native runtime lives. With `--trial` it tries one
 * device for another engine and ends.
 */
import { serve } from './serve';
import { forkedTrial, runTrial, TRIAL_ARGUMENT } from './trial';

if (process.argv[2] === TRIAL_ARGUMENT) {
  runTrial(async ({ modelPath, device, threads }) => {
    const [{ openModel }, { timeProbe }, { env }, { describeAdapter }] = await Promise.all([
      import('./model'),
      import('./probe'),
      import('./onnxruntime'),
      import('./adapter'),
    ]);
    // The runtime's list of the machine's graphics cards stands on stderr, as information.
    env.logLevel = 'info';
    const model = await openModel(modelPath, { device, threads });
    const milliseconds = await timeProbe(model);
    return { milliseconds, ...(await describeAdapter(device)) };
  });
} else {
  serve(forkedTrial(__filename));
}
