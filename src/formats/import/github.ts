import { TaskError } from '../../core/errors.ts';
import { isRecord } from '../../core/is-record.ts';
import { jsonLines } from './beads.ts';
import { type ForeignTask, type ImportNote, restOf, textOf, textsOf } from './foreign.ts';

const known = ['number', 'title', 'body', 'labels', 'parent', 'state', 'stateReason'];
/** A line of a task list in the body of an issue. */
const box = /^[ \t]*[-*+][ \t]+\[([ xX])\][ \t]+(.+)$/gm;
/** An issue of the same repository as the whole text of a line. */
const reference = /^(?:https:\/\/[^\s/]+\/[^\s/]+\/[^\s/]+\/issues\/|#)(\d{1,9})\b/;
const blocked = /\b(?:blocked by|depends on)[ \t:]+((?:#\d{1,9}(?:[ \t]*(?:,|and)[ \t]*)?)+)/gi;

/**
 * The issues of a GitHub repository, as JSON lines or as a list. Sub-issues, and issues in the task list of another one, are its
 * parts. The other lines of a task list are parts of their own.
 */
export function githubTasks(text: string): { tasks: ForeignTask[]; notes: ImportNote[] } {
  const { values, notes } = issuesIn(text);
  const parents = new Map<string, string>();
  const numbers = new Set(values.map(({ number }) => textOf(number) ?? ''));
  for (const issue of values) {
    const id = textOf(issue['number']) ?? '';
    const parent = isRecord(issue['parent']) ? textOf(issue['parent']['number']) : undefined;
    // The parent may be outside of the import.
    if (parent !== undefined && numbers.has(parent)) parents.set(id, parent);
    for (const { words } of boxesIn(issue)) {
      const listed = reference.exec(words)?.[1];
      if (listed !== undefined && listed !== id && numbers.has(listed) && !parents.has(listed)) parents.set(listed, id);
    }
  }
  const tasks = values.flatMap((issue) => {
    const task = taskOf(issue, parents, numbers);
    return task === undefined ? [] : [task, ...partsOf(issue, task)];
  });
  return { tasks, notes };
}

function taskOf(
  issue: Readonly<Record<string, unknown>>,
  parents: ReadonlyMap<string, string>,
  numbers: ReadonlySet<string>,
): ForeignTask | undefined {
  const id = textOf(issue['number']);
  if (id === undefined || id.trim() === '') return undefined;
  const body = textOf(issue['body']) ?? '';
  const milestone = isRecord(issue['milestone']) ? textOf(issue['milestone']['title']) : undefined;
  const dependsOn = [...body.matchAll(blocked)].flatMap(([, list = '']) => list.match(/\d+/g) ?? []);
  return {
    id,
    title: textOf(issue['title']) ?? '',
    parent: parents.get(id),
    // Issues outside of the import have no task here.
    dependsOn: dependsOn.filter((each) => each !== id && numbers.has(each)),
    description: body,
    status: statusOf(issue),
    labels: [...namesIn(issue['labels'], 'name'), ...(milestone === undefined ? [] : [milestone])],
    rest: {
      ...restOf(issue, [...known, 'assignees', 'milestone']),
      ...restOf({ assignees: namesIn(issue['assignees'], 'login'), milestone }, []),
    },
  };
}

/** Lines of the task list that name no issue. */
function partsOf(issue: Readonly<Record<string, unknown>>, whole: ForeignTask): ForeignTask[] {
  return boxesIn(issue)
    .filter(({ words }) => !reference.test(words))
    .map(({ words, checked }, index) => ({
      id: `${whole.id}.${index + 1}`,
      title: words,
      parent: whole.id,
      dependsOn: [],
      description: `Part of #${whole.id} "${whole.title}".`,
      status: checked || whole.status === 'completed' ? 'completed' : whole.status,
    }));
}

function boxesIn({ body }: Readonly<Record<string, unknown>>): { words: string; checked: boolean }[] {
  return [...(textOf(body) ?? '').matchAll(box)].map(([, state = ' ', words = '']) => ({
    words: words.trim(),
    checked: state !== ' ',
  }));
}

function statusOf({ state, stateReason }: Readonly<Record<string, unknown>>): ForeignTask['status'] {
  if (textOf(state)?.toUpperCase() !== 'CLOSED') return 'pending';
  return ['NOT_PLANNED', 'DUPLICATE'].includes(textOf(stateReason)?.toUpperCase() ?? '') ? 'cancelled' : 'completed';
}

/** Names of a list, as `gh issue list --json` and the GraphQL API write it. */
function namesIn(value: unknown, key: string): string[] {
  const list = isRecord(value) ? value['nodes'] : value;
  return (Array.isArray(list) ? list : []).flatMap((each: unknown) =>
    isRecord(each) ? textsOf(each[key]) : textsOf(each),
  );
}

function issuesIn(text: string): { values: Record<string, unknown>[]; notes: ImportNote[] } {
  if (text.trimStart().startsWith('[')) {
    try {
      const list: unknown = JSON.parse(text);
      return { values: (Array.isArray(list) ? list : []).filter(isRecord), notes: [] };
    } catch (cause) {
      throw new TaskError('InvalidInput', `The list of issues is no JSON: ${(cause as Error).message}.`, { cause });
    }
  }
  const { values, notes } = jsonLines(text);
  return { values: values.map(({ value }) => value), notes };
}
