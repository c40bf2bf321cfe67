import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { newTaskOfText, textOfNewTask } from '../../operations/task/edited-text.ts';
import { type Command, type Invocation, operationCommand } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { switchFlag, textFlag } from '../flags.ts';
import { readLongText } from '../long-text.ts';
import { editText } from '../terminal/editor.ts';
import { createdView } from '../views/changed.ts';
import { keepingText } from './edited-text.ts';

const createOnly = operationCommand('task.create', {
  extra: [
    switchFlag('edit', 'Write the task in your text editor first.'),
    textFlag(
      'from',
      'Create the tasks of a plan file; - reads standard input. With --edit: start from this file.',
      'path',
    ),
  ],
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
    {
      words: 'task create "Add login" --workflow design:CLAUDECODE,build:CODEX,review:GEMINI --check "npm test"',
      description: 'phases with different agents, and a check that must pass',
    },
    { words: 'task create --edit', description: 'in your text editor' },
    { words: 'task create --from plan.yml --start', description: 'all tasks of a plan' },
    { words: 'task create "Refactor" --instructions-file plan.md', description: 'long instructions from a file' },
  ],
  json: 'the task',
  view: createdView,
});

export async function command(): Promise<Command> {
  const create = await createOnly();
  return {
    ...create,
    run: (call) => {
      if (call.values.edit === true) return editAndCreate(create, call);
      return call.values.from === undefined ? create.run(call) : createPlan(call);
    },
  };
}

/** Flags of a single task that make sense for every task of a plan. */
const planFlags: ReadonlySet<string> = new Set(['from', 'project', 'parentTask', 'tool', 'start']);

/** The same as `plan apply`. */
async function createPlan(call: Invocation): Promise<ExitCode> {
  const { from, tool, ...rest } = call.values;
  const other = Object.keys(call.values).find((key) => !planFlags.has(key));
  if (other !== undefined) {
    throw new TaskError('InvalidInput', `A plan names the ${other} of each of its tasks.`, {
      next: [textStep('Write it into the plan.')],
    });
  }
  const { apply } = await import('./plan.ts');
  return apply.run({ ...call, values: { ...rest, file: from, ...(tool === undefined ? {} : { agent: tool }) } });
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
    from,
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
  const text = typeof from === 'string' ? await readLongText('from', from, call.folder) : textOfNewTask(given);
  const edited = await editText(text, 'new-task.yml', process.env);
  const code = await keepingText(edited.file, 'task create --edit --from', async () => {
    const task = newTaskOfText(edited.text);
    if (task !== undefined) return create.run({ ...call, values: { ...rest, ...task } });
    call.out.note('The file is empty: no task was created.');
    return exitCodes.done;
  });
  await edited.discard();
  return code;
}
