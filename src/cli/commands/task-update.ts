import { operationCommand } from '../command.ts';
import { limitLines, taskLine } from '../views/changed.ts';

export const command = operationCommand('task.update', {
  details: 'Changes only the given fields. A list replaces the previous list.',
  examples: [
    { words: 'task update 3 --budget-tokens 20000 --budget-minutes 180', description: 'raise limits' },
    {
      words: 'task update 3 --allowed-tools file_operations,web_search,code_execution',
      description: 'replace the allowed tools',
    },
    {
      words: 'task update 3 --project none --label backend,urgent',
      description: 'remove it from its project and set labels',
    },
  ],
  json: 'the task',
  view: (task, { out, values }) => {
    const limited = values.budgetTokens !== undefined || values.budgetCost !== undefined;
    return [`Changed ${taskLine(task, out.style)}`, ...(limited ? limitLines(task) : [])].join('\n  ');
  },
});
