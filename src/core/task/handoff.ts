import type { HandoffNote, TaskRecord } from './schema.ts';
import type { TurnOutcome } from './turn.ts';

/** Characters of a message in which a note is searched: an agent sums up at the end of its last message. */
const MESSAGE_CHARS = 10_000;
/** The end of the agent's last message in a completed turn. Undefined without a message. */
export function messageOf(outcome: TurnOutcome): string | undefined {
  const { message } = (outcome.kind === 'completed' ? (outcome.result ?? {}) : {}) as { message?: unknown };
  return typeof message === 'string' && message.trim() !== '' ? message.slice(-MESSAGE_CHARS) : undefined;
}

/** The words of an agent about its work: the note of its last phase, or the end of its last message. */
export function notesOf({ executions, result }: TaskRecord): string {
  const last = executions.findLast(({ handoff }) => handoff !== undefined);
  const { message } = (typeof result === 'object' && result !== null ? result : {}) as { message?: unknown };
  return last?.note?.done ?? last?.handoff ?? (typeof message === 'string' ? message.slice(-MESSAGE_CHARS) : '');
}

/** A note as lines of Markdown. */
export function noteLines(note: HandoffNote): string[] {
  const list = (title: string, lines: readonly string[] = []): string[] =>
    lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `- ${line}`)];
  return [
    note.done,
    ...list('Decisions', note.decisions),
    ...list('Open', note.open),
    ...list('Files', note.files),
    ...list('Verify', note.verify),
    ...list('Reasons', note.reasons),
  ];
}
