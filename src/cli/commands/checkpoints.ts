import { operationCommand } from '../command.ts';
import { checkpointsView, keptView, restoredView } from '../views/checkpoints.ts';

export const checkpoint = operationCommand('task.checkpoint', {
  details: `Saves all files of the task's folder, except git-ignored ones, and the position in its conversation. Does not touch your
index, branch or HEAD.`,
  examples: [
    { words: 'task checkpoint 3', description: 'save a checkpoint, even while the task runs' },
    { words: 'task checkpoint 3 "The login works"', description: 'with a description' },
  ],
  json: '`{ id, number, title, checkpoint }`',
  view: (output) => keptView(output),
});

export const checkpoints = operationCommand('task.checkpoints', {
  examples: [{ words: 'task checkpoints 3', description: 'list number, time and description' }],
  json: '`{ id, number, title, checkpoints }`',
  view: (output, { out }) => checkpointsView(output, out.now()),
});

export const restore = operationCommand('task.restore', {
  details: `First saves the current files as a checkpoint. Fails while the task runs. The agent is informed when the task resumes.`,
  examples: [
    { words: 'task restore 3', description: 'restore the latest checkpoint not made by a restore' },
    { words: 'task restore 3 2', description: 'restore checkpoint 2' },
    { words: 'task restore 3 2 --resume', description: 'restore checkpoint 2 and resume' },
  ],
  json: '`{ task, checkpoint, before, files }`',
  view: (output) => restoredView(output),
});
