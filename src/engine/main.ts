/**
 * The engine process: forked by the host, it is the only place where the native runtime lives. With `--trial` it tries one
 * device for another engine and ends.
 */
import { serve } from './serve';
import { forkedTrial, runTrial, TRIAL_ARGUMENT } from './trial';

if (process.argv[2] === TRIAL_ARGUMENT) {
  runTrial(async ({ modelPath, device, threads }) => {
    const [{ openModel }, { timeProbe }] = await Promise.all([
      import('./model'),
      import('./probe'),
    ]);
    const model = await openModel(modelPath, { device, threads });
    return timeProbe(model);
  });
} else {
  serve(forkedTrial(__filename));
}
