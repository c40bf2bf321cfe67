import { type DraftItem, everyDraft, type SpecNote } from './draft.ts';

/** Above this number of tasks, a name must be complete: comparing every name with every title takes too long. */
const MAX_PARTIAL = 2_000;

/** The drafts that each draft names as its dependencies. A name without a match becomes a note. */
export function namedDrafts(top: readonly DraftItem[]): {
  readonly named: Map<DraftItem, DraftItem[]>;
  readonly notes: readonly SpecNote[];
} {
  const all = everyDraft(top);
  const index = new Map<string, DraftItem>();
  const add = (name: string | undefined, item: DraftItem): void => {
    const word = folded(name ?? '');
    if (word !== '' && !index.has(word)) index.set(word, item);
  };
  for (const item of all) add(item.id, item);
  for (const item of all) add(item.title, item);
  for (const item of all) {
    const [, phase] = /^((?:phase|milestone|sprint|stage|iteration|step) \d+)/.exec(folded(item.title)) ?? [];
    add(phase, item);
    const [, story] = /\buser story (\d+)\b/.exec(folded(item.title)) ?? [];
    if (story !== undefined) add(`us${story}`, item);
    if (story !== undefined) add(`user story ${story}`, item);
  }
  const above = ancestorsOf(top);
  const named = new Map<DraftItem, DraftItem[]>();
  const notes: SpecNote[] = [];
  for (const item of all) {
    const found: DraftItem[] = [];
    for (const name of item.names) {
      const target = index.get(folded(name)) ?? partial(name, all);
      if (target === undefined) notes.push({ line: item.line, message: `No task is named "${name}".` });
      else if (target === item || above.get(item)?.has(target) === true || above.get(target)?.has(item) === true) {
        notes.push({
          line: item.line,
          message: `"${item.title}" cannot wait for "${target.title}", which contains it.`,
        });
      } else found.push(target);
    }
    if (found.length > 0) named.set(item, found);
  }
  return { named, notes };
}

/** A task whose title is the only one with this name in it. */
function partial(name: string, all: readonly DraftItem[]): DraftItem | undefined {
  const word = folded(name);
  if (word.length < 4 || all.length > MAX_PARTIAL) return undefined;
  const [first, second] = all.filter(({ title }) => folded(title).includes(word));
  return second === undefined ? first : undefined;
}

function folded(name: string): string {
  return name
    .toLowerCase()
    .replace(/[`*_"']/g, '')
    .replace(/^task[ \t]+(?=\d)/, '')
    .replace(/[ \t]+(?:is )?(?:complete|completed|done|finished)$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function ancestorsOf(top: readonly DraftItem[]): Map<DraftItem, Set<DraftItem>> {
  const above = new Map<DraftItem, Set<DraftItem>>();
  for (const item of everyDraft(top)) {
    for (const child of item.children) above.set(child, new Set([...(above.get(item) ?? []), item]));
  }
  return above;
}
