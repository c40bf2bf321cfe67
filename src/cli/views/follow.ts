import { pendingApprovals } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { waitingResult } from '../../core/task/workspace.ts';
import type { FollowListener } from '../follow.ts';
import type { Output } from '../terminal/output.ts';
import { humanDuration } from '../terminal/time.ts';
import { taskName } from './changed.ts';
import { logLine } from './log.ts';
import { stepLines } from './next-step.ts';
import { remarksOf } from './remarks.ts';
import { statusWord } from './status-word.ts';

/** Prints the changes of tasks, one per line. With several tasks, each log line names its task. */
export function followPrinter(
  out: Output,
  options: { readonly several: boolean; readonly standingOf: (task: TaskRecord) => Standing },
): FollowListener {
  const { style } = out;
  const tag = (task: TaskRecord): string => (options.several ? `${style('bold', `#${task.number}`)}  ` : '');
  const printResult = (task: TaskRecord, before: TaskRecord | undefined): void => {
    const result = waitingResult(task);
    if (result === undefined || before === undefined || waitingResult(before) !== undefined) return;
    if (options.standingOf(task).kind !== 'review') return;
    out.print(
      `  changes on branch ${result.branch}: systemprompt task diff ${task.number}   then   systemprompt task merge ${task.number}`,
    );
  };
  return {
    changed(task, before) {
      const asked = newRequests(task, before);
      if (
        before !== undefined &&
        before.status === task.status &&
        before.progress === task.progress &&
        before.quiet_since === task.quiet_since &&
        asked.length === 0
      ) {
        printResult(task, before);
        return;
      }
      const remarks = remarksOf(task, options.standingOf(task), out.now());
      const words = [
        statusWord(task, style),
        ...remarks,
        ...(task.active_ms > 0 ? [`${humanDuration(task.active_ms)} of work`] : []),
      ];
      out.print(`${style('bold', taskName(task))}: ${words.join(' · ')}`);
      if (task.error_next !== undefined && task.error !== before?.error) {
        for (const line of stepLines(task.error_next)) out.print(`  ${line}`);
      }
      const [first] = asked;
      if (first !== undefined) {
        const which = pendingApprovals(task).length > 1 ? ` --request ${first.number}` : '';
        const decide =
          first.kind === 'feedback' ? `answer ${task.number}${which} "…"` : `approve ${task.number}${which}`;
        out.print(
          `  waits for you: systemprompt task ${decide}   or   systemprompt task reject ${task.number}${which}`,
        );
      }
      printResult(task, before);
      if (task.status === 'completed_active' && before?.status !== 'completed_active') {
        out.print(
          `  ${style('dim', `its session is open: systemprompt task follow-up ${task.number} "…", or task complete ${task.number}`)}`,
        );
      }
    },
    logged(task, entries) {
      // Messages of the agent's adapter are only for `task logs`.
      const shown = entries.filter((entry) => entry.level !== 'debug');
      for (const entry of shown) out.print(`${tag(task)}${logLine(entry, style, out.now())}`);
    },
    deleted(task) {
      out.print(`${style('bold', taskName(task))} was deleted.`);
    },
  };
}

/**
 * The same as JSON Lines: `{ event: "task", task }`, `{ event: "log", taskId, entry }`, `{ event: "deleted", taskId }`.
 */
export function followJson(out: Output): FollowListener {
  return {
    changed: (task) => out.jsonLine({ event: 'task', task }),
    logged(task, entries) {
      for (const entry of entries) out.jsonLine({ event: 'log', taskId: task.id, entry });
    },
    deleted: (task) => out.jsonLine({ event: 'deleted', taskId: task.id }),
  };
}

function newRequests(task: TaskRecord, before: TaskRecord | undefined): ReturnType<typeof pendingApprovals> {
  const known = new Set(before === undefined ? [] : pendingApprovals(before).map((approval) => approval.id));
  return pendingApprovals(task).filter((approval) => !known.has(approval.id));
}
