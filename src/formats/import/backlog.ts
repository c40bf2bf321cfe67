import { TaskError } from '../../core/errors.ts';
import { isRecord } from '../../core/is-record.ts';
import { parseYaml } from '../yaml.ts';
import {
  type ForeignTask,
  foreignStatus,
  type ImportNote,
  type NamedText,
  restOf,
  textOf,
  textsOf,
} from './foreign.ts';
import { priorityOf } from './task-master.ts';

const known = ['id', 'title', 'status', 'labels', 'dependencies', 'parent_task_id', 'priority'];

/** True for a task file of Backlog.md. */
export function isBacklogTask(text: string): boolean {
  return (
    /^\ufeff?---\r?\n/.test(text) && /^id:[ \t]*\S/m.test(text.slice(0, 4_000)) && /^title:/m.test(text.slice(0, 4_000))
  );
}

/** The tasks of a Backlog.md folder. The folder of a file decides before its status. */
export function backlogTasks(files: readonly NamedText[]): { tasks: ForeignTask[]; notes: ImportNote[] } {
  const notes: ImportNote[] = [];
  const tasks = files.flatMap((file) => {
    if (isBacklogTask(file.text)) return [taskOf(file, notes)];
    notes.push({ message: `${file.name} is no task; it was skipped.` });
    return [];
  });
  const ids = new Set(tasks.map(({ id }) => id));
  return {
    // A dotted id names its parent, if that is there.
    tasks: tasks.map((task) => {
      const dotted = /^(.+)\.\d+$/.exec(task.id)?.[1];
      return task.parent === undefined && dotted !== undefined && ids.has(dotted) ? { ...task, parent: dotted } : task;
    }),
    notes,
  };
}

function taskOf({ name, text }: NamedText, notes: ImportNote[]): ForeignTask {
  const [, head = '', body = ''] = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n([\s\S]*))?$/.exec(text) ?? [];
  const fields = frontMatter(head, name, notes);
  const id = textOf(fields['id']) ?? name;
  const sections = sectionsOf(body);
  const { status, labels } = statusOf(fields['status'], name, notes, id);
  const acceptance = [
    ...criteria(sections.get('acceptance criteria')),
    ...criteria(sections.get('definition of done')),
  ];
  const extra = [...sections].filter(
    ([title]) => !/^(?:description|acceptance criteria|definition of done|implementation plan)$/.test(title),
  );
  return {
    id,
    title: textOf(fields['title']) ?? '',
    parent: textOf(fields['parent_task_id']),
    dependsOn: textsOf(fields['dependencies']),
    description: sections.get('description'),
    instructions: sections.get('implementation plan'),
    priority: priorityOf(fields['priority']),
    status,
    labels: [...textsOf(fields['labels']), ...labels],
    acceptance: acceptance.map(({ words }) => words),
    rest: {
      ...restOf(fields, known),
      ...(acceptance.some(({ done }) => done)
        ? { checked: acceptance.filter(({ done }) => done).map(({ words }) => words) }
        : {}),
      ...Object.fromEntries(
        extra.filter(([, words]) => words !== '').map(([title, words]) => [title.replace(/\s+/g, '_'), words]),
      ),
    },
  };
}

function statusOf(word: unknown, name: string, notes: ImportNote[], id: string): ReturnType<typeof foreignStatus> {
  if (/(?:^|\/)archive\//.test(name)) return { status: 'cancelled', labels: [] };
  if (/(?:^|\/)drafts\//.test(name)) return { status: 'paused', labels: ['draft'] };
  if (/(?:^|\/)completed\//.test(name)) return { status: 'completed', labels: [] };
  return foreignStatus(word, notes, id);
}

/** Front matter written by agents is not always valid YAML; then its lines are read one by one. */
function frontMatter(head: string, name: string, notes: ImportNote[]): Record<string, unknown> {
  try {
    const value = parseYaml(head, name);
    if (isRecord(value)) return value;
  } catch (error) {
    if (!TaskError.is(error, 'InvalidInput', 'TooLarge')) throw error;
    notes.push({ message: `${error.message} Its front matter was read line by line.` });
  }
  const fields: Record<string, unknown> = {};
  let list: string[] | undefined;
  for (const line of head.split(/\r?\n/).slice(0, 1_000)) {
    const [, key, value = ''] = /^([A-Za-z_]{1,60}):[ \t]*(.*)$/.exec(line) ?? [];
    const entry = /^[ \t]*-[ \t]+(.*)$/.exec(line)?.[1];
    if (key !== undefined) {
      list = value === '' ? [] : undefined;
      fields[key] = list ?? (/^\[.*\]$/.test(value) ? value.slice(1, -1).split(',').map(unquoted) : unquoted(value));
    } else if (entry !== undefined) list?.push(unquoted(entry));
  }
  return fields;
}

function unquoted(text: string): string {
  return text.trim().replace(/^(['"])(.*)\1$/, '$2');
}

/** Sections of the second level by their title in lower case, without the marks of the tool. */
function sectionsOf(body: string): Map<string, string> {
  const sections = new Map<string, string>();
  for (const part of body.split(/^## +/m).slice(1)) {
    const [title = '', ...lines] = part.split(/\r?\n/);
    const text = lines
      .filter((line) => !/^[ \t]*<!-- ?(?:SECTION|AC|DOD):.*-->[ \t]*$/.test(line))
      .join('\n')
      .trim();
    sections.set(title.trim().toLowerCase(), text);
  }
  return sections;
}

function criteria(text = ''): { words: string; done: boolean }[] {
  return text.split('\n').flatMap((line) => {
    const [, state, words] = /^[ \t]*[-*][ \t]+\[([ xX])\][ \t]+(?:#\d+[ \t]+)?(.*)$/.exec(line) ?? [];
    return words === undefined ? [] : [{ words, done: state !== ' ' }];
  });
}
