import { operationCommand } from '../command.ts';
import { taskName } from '../views/changed.ts';
import { executionLines, historyLines } from '../views/task-parts.ts';

export const command = operationCommand('task.history', {
  examples: [{ words: 'task history 3', description: 'who started, changed, approved and completed it' }],
  json: '`{ id, number, title, history, executions }`',
  view(task, { out }) {
    const { history, executions } = task;
    const parts = [
      taskName(task),
      ...(history.length === 0
        ? ['  Its status has not changed since it was created.']
        : historyLines(task, out.now())),
      ...(executions.length === 0 ? [] : [out.style('bold', 'Executions'), ...executionLines(task, out.now())]),
    ];
    return parts.join('\n');
  },
});
