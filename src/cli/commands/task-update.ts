import { operationCommand } from '../command.ts';
import { taskLine } from '../views/changed.ts';

export const command = operationCommand('task.update', {
  details: 'What is not named stays as it is. A list replaces the one before.',
  examples: [
    { words: 'task update 3 --budget-tokens 20000 --budget-minutes 180', says: 'more room' },
    { words: 'task update 3 --allowed-tools file_operations,web_search,code_execution', says: 'other tools' },
    { words: 'task update 3 --project none --label backend,urgent', says: 'out of its project, with new labels' },
  ],
  json: 'the task',
  view: (task, { out }) => `Changed ${taskLine(task, out.style)}`,
});
