import type { z } from 'zod';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visibleLine, visiblePatch } from '../../core/text/visible.ts';
import type { taskDiff } from '../../operations/review/diff.ts';
import type { taskDiscard } from '../../operations/review/discard.ts';
import type { taskMerge } from '../../operations/review/merge.ts';
import type { worktrees } from '../../operations/review/worktrees.ts';
import { stoppedLine } from '../steps.ts';

/** The patch, or with `--stat` one line per file. Characters that do not print are shown as their codes. */
export function diffView(diff: z.output<typeof taskDiff.output>, stat: boolean): string {
  if (!stat) return visiblePatch(diff.patch);
  const lines = diff.files.map(({ path, added, deleted, hidden }) => {
    const numbers = added === null ? 'binary' : `+${added} -${deleted ?? 0}`;
    const note = hidden ? '  (has characters that do not print)' : '';
    return `  ${numbers.padEnd(12)}  ${visibleLine(path)}${note}`;
  });
  return [`${files(diff.files.length)} changed on ${diff.branch}`, ...lines].join('\n');
}

export function mergedView(output: z.output<typeof taskMerge.output>, dryRun: boolean): string {
  const { task, files: paths, commit, kept, before, remaining } = output;
  const left = remaining.map(({ number, title }) => `#${number} ${sanitizeLine(title)}`);
  if (dryRun) return [`Would merge in this order:`, ...left.map((line) => `  ${line}`)].join('\n');
  const where = commit === null ? 'not committed' : `at ${commit.slice(0, 12)}`;
  const first = before.map(
    (one) => `Merged #${one.number} ${sanitizeLine(one.title)} first: ${files(one.files.length)}.`,
  );
  const stopped = stoppedLine('Merged', output);
  if (stopped !== undefined) return [...first, stopped, `Not merged: ${left.join(', ')}.`].join('\n');
  const last = `Merged #${task.number} ${sanitizeLine(task.title)}: ${files(paths.length)}, ${where}.`;
  const lines = [...first, last];
  if (kept !== null) lines.push(`Its worktree stays: ${sanitizeLine(kept)}.`);
  return lines.join('\n');
}

export function discardedView({ task, files: paths, ref }: z.output<typeof taskDiscard.output>): string {
  const name = `#${task.number} ${sanitizeLine(task.title)}`;
  if (paths.length === 0) return `${name} had no changes; its worktree is removed.`;
  const lines = [`Discarded the changes of ${name}: ${files(paths.length)}.`];
  if (ref !== null) lines.push(`For 30 days it comes back with: git branch NAME ${ref}`);
  return lines.join('\n');
}

export function worktreesView(list: z.output<typeof worktrees.output>): string {
  const lines = list.removed.map((folder) => `Removed ${sanitizeLine(folder)}`);
  const stopped = stoppedLine('Removed', list);
  if (stopped !== undefined) lines.push(stopped);
  if (list.worktrees.length === 0) return [...lines, 'No task has a worktree.'].join('\n');
  for (const { folder, task, state, bytes, changed } of list.worktrees) {
    const what = task === null ? sanitizeLine(folder) : `#${task.number} ${sanitizeLine(task.title)}`;
    const count = changed === null ? '' : `, ${files(changed)} changed`;
    lines.push(`${megabytes(bytes).padStart(9)}  ${state.padEnd(9)}  ${what}${count}`);
  }
  const quota = list.quota === null ? '' : ` of ${megabytes(list.quota)}`;
  lines.push(`${megabytes(list.bytes).padStart(9)}${quota} in all`);
  return lines.join('\n');
}

/** `1 file`, `3 files`. */
export function files(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
