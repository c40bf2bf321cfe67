import { newTaskOfText, textOfNewTask } from '../../operations/task/edited-text.ts';
import { type Command, type Invocation, operationCommand } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { switchFlag } from '../flags.ts';
import { editText } from '../terminal/editor.ts';
import { createdView } from '../views/changed.ts';
import { keepingText } from './edited-text.ts';

const createOnly = operationCommand('task.create', {
  extra: [switchFlag('edit', 'Write the task in your text editor first.')],
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
    { words: 'task create --edit', description: 'in your text editor' },
    { words: 'task create "Refactor" --instructions-file plan.md', description: 'long instructions from a file' },
  ],
  json: 'the task',
  view: createdView,
});

export async function command(): Promise<Command> {
  const create = await createOnly();
  return { ...create, run: (call) => (call.values.edit === true ? editAndCreate(create, call) : create.run(call)) };
}

/** The editor shows the values of the command line; options that the text does not show are kept. */
async function editAndCreate(create: Command, call: Invocation): Promise<ExitCode> {
  const {
    title,
    priority,
    tool,
    assignedTo,
    project,
    label,
    dependsOn,
    acceptance,
    description,
    instructions,
    ...rest
  } = call.values;
  const shown = {
    title,
    priority,
    agent: tool ?? assignedTo,
    project,
    labels: label,
    depends_on: dependsOn,
    acceptance,
    description,
    instructions,
  };
  const given = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
  const edited = await editText(textOfNewTask(given), 'new-task.yml', process.env);
  const code = await keepingText(edited.file, async () => {
    const task = newTaskOfText(edited.text);
    if (task !== undefined) return create.run({ ...call, values: { ...rest, ...task } });
    call.out.note('The file is empty: no task was created.');
    return exitCodes.done;
  });
  await edited.discard();
  return code;
}
