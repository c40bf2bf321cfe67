import type { Approval } from './approval-schema.ts';
import { type TaskPatch, transition } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';

/** Characters of a message that ends with a question: the person reads its end. */
const MESSAGE_CHARS = 10_000;
const TITLE_CHARS = 300;
/** Characters after a question mark: emphasis, quotes, brackets. */
const trailing = /[\s*_"'”’»)\]]+$/u;

/** Marks of Markdown, which a title does not draw: headings, quotes, items, bold, code. The message keeps them. */
const emphasis = /^(?:[#>\-*]+\s+)+|\*\*|`/g;

/** The question at the end of a message: its line, and the whole message. Undefined without a question. */
export function questionIn(message: string): { title: string; message: string } | undefined {
  const line = message.trimEnd().split('\n').at(-1)?.trim() ?? '';
  if (!/[?？؟]$/u.test(line.replace(trailing, ''))) return undefined;
  const plain = line.replace(emphasis, '').trim();
  const title = plain.length > TITLE_CHARS ? `…${plain.slice(-TITLE_CHARS)}` : plain;
  return { title, message: message.slice(-MESSAGE_CHARS) };
}

/** A question that ended a turn: no call waits for its answer, so that it outlives its run. */
function endedTurn(approval: Approval): boolean {
  return approval.kind === 'feedback' && approval.execution_id === undefined;
}

/** True if the last turn ended with a question that is still open. */
export function awaitsAnswer(task: TaskRecord): boolean {
  return task.status === 'paused' && task.approvals.some((a) => endedTurn(a) && a.status === 'pending');
}

/** The answered question of a turn whose answer no agent was given yet. */
export function waitingAnswer(task: TaskRecord): Approval | undefined {
  return task.approvals.find(
    (a) => endedTurn(a) && (a.status === 'approved' || a.status === 'rejected') && a.spent !== true,
  );
}

/** The agent receives the answer once and continues. */
export function takeAnswer(task: TaskRecord, id: string, at: string): TaskPatch {
  return {
    ...(task.status === 'paused' ? transition(task, 'in_progress', { at, reason: 'answered' }) : {}),
    approvals: task.approvals.map((approval) => (approval.id === id ? { ...approval, spent: true } : approval)),
  };
}

/** The text for the agent. */
export function answerPrompt(approval: Approval): string {
  const words = approval.notes?.trim() ?? '';
  if (approval.status === 'approved') return words;
  return `Your question was not answered${words === '' ? '' : `: ${words}`}. Continue as you think best, without asking it again.`;
}

/**
 * Once a question of an ended turn is decided, its session continues: an open one directly, a closed one through a
 * worker.
 */
export function afterAnswer(task: TaskRecord, approval: Approval, at: string): TaskPatch | undefined {
  if (!endedTurn(approval)) return undefined;
  return task.lease === undefined ? { pause_reason: 'interrupted', queued_at: at } : {};
}
