import { isRecord } from '../../core/is-record.ts';
import {
  type ForeignTask,
  foreignStatus,
  type ImportNote,
  type NamedText,
  restOf,
  textOf,
  textsOf,
} from './foreign.ts';

const known = ['id', 'subject', 'description', 'status', 'blockedBy', 'blocks'];

/** True for a task of a Claude Code list. */
export function isClaudeTask(value: unknown): boolean {
  return isRecord(value) && typeof value['subject'] === 'string' && 'status' in value && 'id' in value;
}

/** The tasks of a Claude Code list, one file each. */
export function claudeTasks(files: readonly NamedText[]): { tasks: ForeignTask[]; notes: ImportNote[] } {
  const notes: ImportNote[] = [];
  const values = files.flatMap(({ name, text }) => {
    try {
      const value: unknown = JSON.parse(text);
      if (isRecord(value) && isClaudeTask(value)) return [value];
    } catch {
      // Reported below.
    }
    notes.push({ message: `${name} is no task; it was skipped.` });
    return [];
  });
  // Both ends name a dependency, and one of them may be missing.
  const blockers = new Map<string, string[]>();
  for (const value of values) {
    const id = textOf(value['id']) ?? '';
    for (const blocked of textsOf(value['blocks'])) blockers.set(blocked, [...(blockers.get(blocked) ?? []), id]);
  }
  const tasks = values
    .map((value): ForeignTask => {
      const id = textOf(value['id']) ?? '';
      return {
        id,
        title: textOf(value['subject']) ?? '',
        dependsOn: [...new Set([...textsOf(value['blockedBy']), ...(blockers.get(id) ?? [])])],
        description: textOf(value['description']),
        ...foreignStatus(value['status'], notes, id),
        rest: restOf(value, known),
      };
    })
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
  return { tasks, notes };
}
