import { TaskError } from '../core/errors.ts';
import { suggestions, textStep } from '../core/next-step.ts';

/** An argument of a prompt. */
interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

interface PromptTemplate {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  text(values: Readonly<Record<string, string>>): string;
}

const VALUE_CHARS = 10_000;

/** The prompts of the original server. */
export const prompts: readonly PromptTemplate[] = [
  {
    name: 'fix_bug',
    title: 'Fix a bug',
    description: 'Create a task that reproduces and fixes a bug.',
    arguments: [
      { name: 'bug', description: 'Description of the bug, with error messages.', required: true },
      { name: 'project', description: 'Project of the task.', required: false },
    ],
    text: ({ bug, project }) =>
      `Create one task with task_create for the bug below.${inProject(project)}
Title: the symptom, at most 80 characters. Instructions: reproduce the bug with a failing test, find the cause, fix it, run the tests. Acceptance: the new test passes, no other test fails. Do not start the task; show it to me.

${bug}`,
  },
  {
    name: 'write_unit_tests',
    title: 'Write unit tests',
    description: 'Create a task that writes unit tests for a part of the code.',
    arguments: [
      { name: 'target', description: 'File, folder or function to test.', required: true },
      { name: 'project', description: 'Project of the task.', required: false },
    ],
    text: ({ target, project }) =>
      `Create one task with task_create that writes unit tests for ${target}.${inProject(project)}
Instructions: use the test framework of the repository, cover normal, boundary and error cases, change no product code except to fix a bug that a test shows. Acceptance: all tests pass and each new test can fail. Do not start the task; show it to me.`,
  },
  {
    name: 'plan_feature',
    title: 'Plan a feature',
    description: 'Split a feature into dependent tasks.',
    arguments: [
      { name: 'feature', description: 'The wanted behaviour.', required: true },
      { name: 'project', description: 'Project of the tasks.', required: false },
    ],
    text: ({ feature, project }) =>
      `Plan the feature below as 3 to 8 tasks.${inProject(project)} First read the code that it concerns. Each task has a title, instructions, acceptance criteria and its dependencies, and can be reviewed alone. Show me the plan; after I agree, create it with the tool plan.

${feature}`,
  },
];

function inProject(project: string | undefined): string {
  return project === undefined || project === '' ? '' : ` Put it into the project "${project}".`;
}

/** The text of a prompt. @throws TaskError `InvalidInput` for an unknown prompt or a missing argument */
export function promptText(name: string, values: Readonly<Record<string, string>>): string {
  const prompt = prompts.find((each) => each.name === name);
  if (prompt === undefined) {
    const names = prompts.map((each) => each.name);
    throw new TaskError('InvalidInput', `There is no prompt "${name.slice(0, 100)}".`, {
      next: [...suggestions(name, names), textStep(`The prompts are ${names.join(', ')}.`)],
    });
  }
  const missing = prompt.arguments.find(({ name: key, required }) => required && (values[key] ?? '').trim() === '');
  if (missing !== undefined)
    throw new TaskError('InvalidInput', `The prompt ${name} needs the argument "${missing.name}".`);
  const clipped = Object.entries(values).map(([key, value]) => [key, value.slice(0, VALUE_CHARS)]);
  return prompt.text(Object.fromEntries(clipped) as Record<string, string>);
}
