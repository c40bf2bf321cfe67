import { operationCommand } from '../command.ts';
import { createdView } from '../views/changed.ts';

export const command = operationCommand('task.create', {
  details: `The title comes first, so that it is not taken for one more value of a list such as --depends-on.
Without an agent, the task is for CLAUDECODE; "systemprompt agents" shows which agents are installed.`,
  examples: [
    { words: 'task create "Fix the login test"', says: 'a task for later' },
    {
      words: 'task create "Run the tests" --assigned-to SHELL --instructions "npm test" --start',
      says: 'a script, run at once',
    },
    {
      words: 'task create "Create user models" --depends-on "Set up database" 12 --project Web --priority high',
      says: 'after two other tasks, named by title and number',
    },
    {
      words: 'task create "Deploy" --requires-approval --approver team-lead',
      says: 'a person decides before it starts',
    },
    { words: 'task create "Refactor" --instructions-file plan.md', says: 'long instructions from a file' },
  ],
  json: 'the task',
  view: createdView,
});
