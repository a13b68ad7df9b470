import { anInteger, anObject, aString, oneOf } from '../../protocol/shape';
import { INSPECT_TASKS, type InspectTask } from '../../protocol/tasks';

/** A title or the like that was written for the selection, and how wide the search was that found it. */
export interface WrittenText extends InspectTask {
  readonly beam: number;
}

const read = anObject({
  name: oneOf(...INSPECT_TASKS),
  written: aString,
  beam: anInteger(1, 64),
});

/** The argument of the command, if it is one: menus pass the address of their document. */
export function readWrittenText(argument: unknown): WrittenText | undefined {
  try {
    return read(argument, 'argument');
  } catch {
    return undefined;
  }
}
