import { TaskError } from '../core/errors.ts';
import { suggestions, textStep } from '../core/next-step.ts';
import { taskEventNames } from '../core/task/events.ts';
import { visible } from '../core/text/visible.ts';

const ofOneTask = /^task\..+\.(progress|status_changed)$/;

/** @throws TaskError `InvalidInput` for an unknown event or a listener that is not a function */
export function checkListener(event: unknown, listener: unknown): void {
  if (typeof listener !== 'function') {
    throw new TaskError('InvalidInput', `The listener of ${visible(String(event))} is not a function.`);
  }
  const name = String(event);
  if ((taskEventNames as readonly string[]).includes(name) || ofOneTask.test(name)) return;
  const [meant = textStep(`Events: ${taskEventNames.join(', ')}.`)] = suggestions(name, taskEventNames);
  throw new TaskError('InvalidInput', `There is no event "${visible(name)}".`, { next: [meant] });
}
