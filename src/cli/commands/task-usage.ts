import { taskUsage } from '../../operations/task-usage.ts';
import { operationCommand } from '../command.ts';
import { usageView } from '../views/usage.ts';

export const command = operationCommand({
  operation: taskUsage,
  details:
    'Minutes are minutes of work; waiting for a person does not count. What an agent does not tell is unknown. Limits of the day (`budget.perDay` in `config.json`) count all tasks of the folder, until midnight.',
  examples: [{ words: 'task usage 3', says: 'spend and limits' }],
  json: '`{ id, number, title, status, usage, duration, limits, today, executions }`',
  view: (output) => usageView(output),
});
