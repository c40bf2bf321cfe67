import { TaskError } from '../../core/errors.ts';
import { isRecord } from '../../core/is-record.ts';
import { textStep } from '../../core/next-step.ts';
import { type Plan, planLimits, planSchema } from '../../core/plan/plan.ts';
import { parseInput } from '../../core/task/create.ts';
import { parseSpec } from '../spec/parse.ts';
import { backlogTasks, isBacklogTask } from './backlog.ts';
import { beadsTasks } from './beads.ts';
import { claudeTasks, isClaudeTask } from './claude-tasks.ts';
import { csvTasks } from './csv.ts';
import { type ForeignTask, type ImportNote, type NamedText, nestTasks } from './foreign.ts';
import { githubTasks } from './github.ts';
import { isTaskMaster, taskMasterTasks } from './task-master.ts';

/** Formats that can be imported. */
export const importFormats = [
  'task-master',
  'backlog',
  'beads',
  'claude-tasks',
  'spec-kit',
  'kiro',
  'openspec',
  'markdown',
  'json',
  'csv',
  'github',
] as const;

export type ImportFormat = (typeof importFormats)[number];

export interface ImportOptions {
  readonly format?: ImportFormat | undefined;
  readonly requirements?: string | undefined;
}

/** An import as a plan. */
export interface ImportedPlan {
  readonly format: ImportFormat;
  readonly plan: Plan;
  readonly notes: readonly ImportNote[];
}

/**
 * Reads the tasks of another tool.
 *
 * @param file - name of the file or folder as the source of the plan
 * @param options - `format` as given by a person, recognised by the content otherwise; the text of Kiro's `requirements.md`
 * @throws TaskError `InvalidInput` for a content without tasks or in another format, `TooLarge`
 */
export function importTexts(
  files: readonly NamedText[],
  file: string,
  { format, requirements }: ImportOptions = {},
): ImportedPlan {
  const chosen = format ?? formatOf(files);
  if (chosen === undefined) throw unknownFormat(file);
  const [first] = files;
  if (first === undefined) throw new TaskError('InvalidInput', `${file} has no tasks.`);
  switch (chosen) {
    case 'task-master': {
      const value = parseJson(first);
      if (!isTaskMaster(value)) throw wrongFormat(first.name, chosen);
      return planOf(chosen, file, taskMasterTasks(value));
    }
    case 'beads':
      return planOf(chosen, file, beadsTasks(first.text));
    case 'claude-tasks':
      return planOf(chosen, file, claudeTasks(files));
    case 'backlog':
      return planOf(chosen, file, backlogTasks(files));
    case 'github':
      return planOf(chosen, file, githubTasks(first.text));
    case 'csv':
      return planOf(chosen, file, csvTasks(first.text));
    case 'json': {
      const plan = parseInput(planSchema, parseJson(first));
      return { format: chosen, plan: { ...plan, source: { tool: 'json', file } }, notes: [] };
    }
    default: {
      const { plan, notes } = parseSpec(first.text, { file, requirements });
      return {
        format: chosen,
        plan,
        notes: notes.map(({ line, message }) => ({ message: `Line ${line}: ${message}` })),
      };
    }
  }
}

/** Recognises a format by the content; undefined for one that none of the importers reads. */
export function formatOf(files: readonly NamedText[]): ImportFormat | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  const text = first.text.replace(/^\ufeff/, '').trimStart();
  if (isBacklogTask(first.text)) return 'backlog';
  if (text.startsWith('{') || text.startsWith('[')) {
    try {
      const value: unknown = JSON.parse(text);
      if (isClaudeTask(value)) return 'claude-tasks';
      if (isRecord(value) && Array.isArray(value['items'])) return 'json';
      return isTaskMaster(value) ? 'task-master' : isBeadsLine(text) ? 'beads' : undefined;
    } catch {
      return isBeadsLine(text) ? 'beads' : undefined;
    }
  }
  if (/\.(?:csv|tsv)$/i.test(first.name)) return 'csv';
  return 'markdown';
}

function isBeadsLine(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text.split('\n', 1)[0] ?? '');
    return isRecord(value) && 'id' in value && 'title' in value && 'status' in value;
  } catch {
    return false;
  }
}

function planOf(
  format: ImportFormat,
  file: string,
  { tasks, notes }: { tasks: readonly ForeignTask[]; notes: readonly ImportNote[] },
): ImportedPlan {
  if (tasks.length === 0) throw new TaskError('InvalidInput', `${file} has no tasks.`);
  if (tasks.length > planLimits.items) {
    const message = `${file} has ${tasks.length.toLocaleString('en')} tasks; the limit is ${planLimits.items.toLocaleString('en')}.`;
    throw new TaskError('TooLarge', message);
  }
  const nested = nestTasks(tasks);
  const plan = { source: { tool: format, file }, items: nested.items };
  return { format, plan, notes: [...notes, ...nested.notes] };
}

function parseJson({ name, text }: NamedText): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new TaskError('InvalidInput', `${name} is no JSON: ${(cause as Error).message}.`, { cause });
  }
}

function wrongFormat(name: string, format: ImportFormat): TaskError {
  return new TaskError('InvalidInput', `${name} has no tasks of ${format}.`);
}

function unknownFormat(name: string): TaskError {
  return new TaskError('InvalidInput', `The format of ${name} is unknown.`, {
    next: [textStep(`Name it with --from: ${importFormats.join(', ')}.`)],
  });
}
