import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';

/** The merged parts, one per line, and the next command. */
export function mergedPartsView({
  number,
  branch,
  work,
  merged,
  resolving,
  usage,
}: OutputOf<'task.merge-parts'>): string {
  const lines = merged.map(
    (part) =>
      `  #${part.number} ${sanitizeLine(part.title)}: ${part.files.length} ${part.files.length === 1 ? 'file' : 'files'}`,
  );
  const spent = usage.total_tokens === null ? [] : [`Spent: ${usage.total_tokens.toLocaleString('en')} tokens`];
  if (resolving !== null) {
    return [
      `Merged ${merged.length} parts of #${number}. #${resolving} resolves a conflict.`,
      ...lines,
      `Follow it, then merge the parts again: systemprompt task watch ${resolving}`,
    ].join('\n');
  }
  if (branch === null) return [without(number, work), ...spent].join('\n');
  const head =
    merged.length === 0
      ? `All parts of #${number} are on ${branch}.`
      : `Merged ${merged.length} ${merged.length === 1 ? 'part' : 'parts'} of #${number} on ${branch}:`;
  return [head, ...lines, ...spent, `Review them: systemprompt task diff ${number}`].join('\n');
}

/** The reason why there is no branch with the work of the parts. */
function without(number: number, work: OutputOf<'task.merge-parts'>['work']): string {
  if (work === 'merged') return `The work of the parts of #${number} is merged.`;
  if (work === 'discarded') return `The work of the parts of #${number} was discarded.`;
  return `The parts of #${number} changed no files in worktrees.`;
}
