import { defaultModelFolder } from '../engine/folder';
import type { ModelOptions } from './arguments';

export function modelFolder(options: ModelOptions): string {
  return options.model ?? defaultModelFolder(__dirname);
}
