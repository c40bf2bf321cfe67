import type { LogDraft } from '../../core/task/log-entry.ts';
import { namesWithin } from '../../core/text/path-within.ts';
import type { AgentAdapter } from '../adapters/adapter.ts';
import { boundedFiles, metadataLimits } from '../bounded-value.ts';
import { MAX_LINE_BYTES } from '../line-splitter.ts';
import { splitText } from './split-text.ts';
import {
  diffsOf,
  filesOf,
  mergeToolCall,
  notOffered,
  outputOf,
  placeOf,
  type ToolCall,
  withDiffs,
} from './tool-call.ts';
import { type Fields, textOf } from './wire.ts';

/** Limits of concurrent calls and of the bytes stored for them; beyond, the oldest call is dropped. */
const OPEN_CALLS = 1_000;
const OPEN_BYTES = 64 * 1024 * 1024;
/** Ids of ended calls that are remembered, so that a late update does not look like a new call. */
const ENDED_CALLS = 2_000;

interface OpenCall {
  readonly call: ToolCall;
  /** Milliseconds, monotonic. */
  readonly since: number;
  readonly bytes: number;
}

/** Merges a tool call and its updates into one log entry at its end, with one debug line at its start. */
export class ToolLog {
  private readonly open = new Map<string, OpenCall>();
  private readonly ended = new Set<string>();
  private readonly cwd: string;
  private readonly say: (entry: LogDraft) => void;
  private readonly refusal: AgentAdapter['refusal'];
  private bytes = 0;

  constructor(cwd: string, say: (entry: LogDraft) => void, refusal?: AgentAdapter['refusal']) {
    this.cwd = cwd;
    this.say = say;
    this.refusal = refusal;
  }

  find(id: string | undefined): ToolCall | undefined {
    return id === undefined ? undefined : this.open.get(id)?.call;
  }

  /** A `tool_call` or a `tool_call_update`; agents also send updates of calls that they never announced. */
  update(sent: Fields, bytes: number): void {
    const id = textOf(sent.toolCallId);
    if (id === undefined || this.ended.has(id)) return;
    const before = this.open.get(id);
    const now = { call: mergeToolCall(before?.call, sent), since: before?.since ?? performance.now(), bytes };
    this.bytes += bytes - (before?.bytes ?? 0);
    this.open.set(id, now);
    if (before === undefined)
      this.say({ ...entryOf(now.call), level: 'debug', message: `Tool call: ${headline(now.call, this.cwd)}` });
    if (now.call.status === 'completed' || now.call.status === 'failed') this.finish(id, now, now.call.status);
    else this.makeRoom();
  }

  /** A person allowed a call. Some agents announce it only by their request, or send its diff nowhere else. */
  approved(call: ToolCall): void {
    if (call.id === '' || this.ended.has(call.id)) return;
    const known = this.open.get(call.id);
    const now = known === undefined ? call : withDiffs(known.call, call);
    const added = now === known?.call ? 0 : diffsOf(now).reduce((sum, { newText }) => sum + newText.length, 0);
    const { since = performance.now(), bytes = 0 } = known ?? {};
    this.bytes += added;
    this.open.set(call.id, { call: now, since, bytes: bytes + added });
    this.makeRoom();
  }

  /** The turn has ended: open calls will never finish. */
  finishAll(status: 'unfinished' | 'cancelled' = 'unfinished'): void {
    for (const [id, open] of [...this.open]) this.finish(id, open, status);
  }

  private makeRoom(): void {
    while (this.open.size > OPEN_CALLS || (this.bytes > OPEN_BYTES && this.open.size > 1)) {
      const [oldest] = this.open;
      if (oldest === undefined) return;
      this.finish(oldest[0], oldest[1], 'unfinished');
    }
  }

  private finish(id: string, { call, since, bytes }: OpenCall, ended: string): void {
    this.open.delete(id);
    this.bytes -= bytes;
    this.ended.add(id);
    if (this.ended.size > ENDED_CALLS) {
      const [oldest] = this.ended;
      if (oldest !== undefined) this.ended.delete(oldest);
    }
    const output = outputOf(call);
    const refused = notOffered(call) ?? (ended === 'failed' ? this.refusal?.(call.toolName, output) : undefined);
    const status = refused === undefined ? ended : 'failed';
    const failed = status === 'failed';
    const error = failed ? firstLine(refused ?? output) : undefined;
    const entry = entryOf(call);
    const files = filesOf(call);
    const diffs = diffsOf(call);
    this.say({
      ...entry,
      level: status === 'completed' ? 'info' : 'warn',
      message: `${headline(call, this.cwd)}${status === 'completed' ? '' : ` (${status}${error === undefined ? '' : `: ${error}`})`}`,
      metadata: {
        ...entry.metadata,
        ...placeOf(call, this.cwd),
        ...(files.length > 1 || files[0] === this.cwd ? { files: boundedFiles(files, 100) } : {}),
        ...(call.input === undefined ? {} : { toolInput: call.input }),
        ...(output === undefined ? {} : { toolOutput: output }),
        ...(call.exitCode === undefined ? {} : { exitCode: call.exitCode }),
        ...(diffs.length === 0 ? {} : { diffs }),
        duration: Math.round(performance.now() - since),
        status,
        ...(refused === undefined ? {} : { refused: true }),
        ...(error === undefined ? {} : { error }),
      },
    });
    if (typeof output === 'string' && output.length > metadataLimits.stringChars) this.logWhole(call, output);
  }

  /** Logs an output that was cut in its entry again in full, in parts. */
  private logWhole(call: ToolCall, output: string): void {
    const parts = splitText(output, MAX_LINE_BYTES);
    for (const [index, message] of parts.entries()) {
      const { metadata, ...entry } = entryOf(call);
      const more = index + 1 < parts.length ? { continued: true } : {};
      this.say({ ...entry, level: 'debug', message, metadata: { ...metadata, part: index + 1, ...more } });
    }
  }
}

function entryOf(call: ToolCall): LogDraft {
  return { type: 'tool', message: '', metadata: { toolName: call.toolName, toolKind: call.kind, toolCallId: call.id } };
}

function headline({ toolName, title }: ToolCall, cwd: string): string {
  const text = namesWithin(firstLine(title) ?? title, cwd);
  return text === toolName ? text : `${toolName}: ${text}`;
}

function firstLine(value: unknown): string | undefined {
  const lines = typeof value === 'string' ? value.trim().split('\n') : [];
  // A fence of a code block is no message.
  const line = (lines.find((one) => one.trim() !== '' && !/^\s*(?:```|~~~)/.test(one)) ?? '').slice(0, 500);
  return line === '' ? undefined : line;
}
