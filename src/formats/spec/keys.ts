import { planLimits } from '../../core/plan/plan.ts';
import { textDigest } from '../../core/text/digest.ts';
import { type DraftItem, everyDraft, type SpecNote } from './draft.ts';

/**
 * A key for every draft that stays the same when other lines of the file change: its id in the file, or its title. A key
 * that occurs twice gets the title of its group, then a number.
 */
export function keysOf(top: readonly DraftItem[]): { keys: Map<DraftItem, string>; notes: readonly SpecNote[] } {
  const keys = new Map<DraftItem, string>();
  const taken = new Map<string, DraftItem>();
  const notes: SpecNote[] = [];
  const parents = new Map<DraftItem, DraftItem>();
  const all = everyDraft(top);
  for (const item of all) for (const child of item.children) parents.set(child, item);
  for (const item of all) {
    const name = item.id === undefined || isPosition(item.id) ? item.title : item.id;
    const own = short(name);
    const first = taken.get(own);
    if (first !== undefined && item.id !== undefined && first.id === item.id && name === item.id) {
      notes.push({ line: item.line, message: `Lines ${first.line} and ${item.line} have the same id "${item.id}".` });
    }
    const parent = parents.get(item);
    const inGroup = parent === undefined ? own : short(`${keys.get(parent) ?? ''}/${name}`);
    let key = taken.has(own) ? inGroup : own;
    for (let count = 2; taken.has(key); count++) key = short(`${inGroup} (${count})`);
    keys.set(item, key);
    taken.set(key, item);
  }
  return { keys, notes };
}

/** A number in a list, which restarts in every list. */
function isPosition(id: string): boolean {
  return /^\d+$/.test(id);
}

function short(text: string): string {
  const clean = text.replace(/\s+/g, ' ').trim().toLowerCase();
  if (clean.length <= planLimits.keyChars) return clean;
  return `${clean.slice(0, planLimits.keyChars - 10)}…${textDigest(clean)}`;
}
