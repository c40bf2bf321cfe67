import { operationCommand } from '../command.ts';
import { createdView } from '../views/changed.ts';

export const command = operationCommand('task.create', {
  details: `Put the title first; after a list option such as --depends-on it would be read as another value of the list.
The default agent is CLAUDECODE. "systemprompt agents" lists the installed agents.`,
  examples: [
    { words: 'task create "Fix the login test"', description: 'a task to start later' },
    {
      words: 'task create "Run the tests" --assigned-to SHELL --instructions "npm test" --start',
      description: 'a script that starts immediately',
    },
    {
      words: 'task create "Create user models" --depends-on "Set up database" 12 --project Web --priority high',
      description: 'after two other tasks, named by title and number',
    },
    {
      words: 'task create "Deploy" --requires-approval --approver team-lead',
      description: 'a task that needs approval before it starts',
    },
    { words: 'task create "Refactor" --instructions-file plan.md', description: 'long instructions from a file' },
  ],
  json: 'the task',
  view: createdView,
});
