import { operationCommand } from '../command.ts';
import { checkpointsView, keptView, restoredView } from '../views/checkpoints.ts';

export const checkpoint = operationCommand('task.checkpoint', {
  details: `All files of the task's folder but those that git ignores, and where its conversation stands. Your index, branch
and HEAD are not touched.`,
  examples: [
    { words: 'task checkpoint 3', says: 'now, also while it runs' },
    { words: 'task checkpoint 3 "The login works"', says: 'with words to find it by' },
  ],
  json: '`{ id, number, title, checkpoint }`',
  view: (output) => keptView(output),
});

export const checkpoints = operationCommand('task.checkpoints', {
  examples: [{ words: 'task checkpoints 3', says: 'numbers, times and words' }],
  json: '`{ id, number, title, checkpoints }`',
  view: (output, { out }) => checkpointsView(output, out.now()),
});

export const restore = operationCommand('task.restore', {
  details: `What the files are now is kept as a checkpoint first. Not while the task runs; when it goes on, its agent is told.`,
  examples: [
    { words: 'task restore 3', says: 'the latest that was not made by restoring' },
    { words: 'task restore 3 2', says: 'checkpoint 2' },
    { words: 'task restore 3 2 --resume', says: 'and go on from there' },
  ],
  json: '`{ task, checkpoint, before, files }`',
  view: (output) => restoredView(output),
});
