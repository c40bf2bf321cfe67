import { operationCommand } from '../command.ts';
import { confirmView } from '../views/confirm.ts';

export const command = operationCommand('task.confirm', {
  details: `Tasks whose files were made by hand, pulled by git or copied are from outside: another person may have chosen their agent, script and tools.
So are queued tasks in a folder from another machine. None of them runs before you confirm its content. Without --digest,
the command only shows the agent, the script or instructions, and the tools. The output ends with the command that confirms them.`,
  examples: [
    { words: 'task confirm', description: 'show all tasks that wait for confirmation' },
    { words: 'task confirm 3', description: 'show the script, prompt and tools of one task' },
    { words: `task confirm 3 --digest ${'4f8b02c7'.repeat(8)}`, description: 'confirm exactly the displayed content' },
  ],
  json: '`{ tasks: [{ number, title, agent, model, order, tools }], playing, digest, confirmed }`',
  view: (output, { out, values }) => confirmView(output, values['tasks'] as string[] | undefined, out),
});
