import type { LogDraft } from '../../core/task/log-entry.ts';
import type { Usage } from '../../core/task/schema.ts';
import { type AgentAdapter, plainAdapter } from '../adapters/adapter.ts';
import type { GuardedClient } from '../guarded-client.ts';
import { MAX_LINE_BYTES } from '../line-splitter.ts';
import { rateLimitEnd } from './model-failure.ts';
import { type PlanEntry, readPlan } from './plan.ts';
import { cutPoint } from './split-text.ts';
import { ToolLog } from './tool-log.ts';
import { contentText, type Fields, fieldsOf, listOf } from './wire.ts';

/** Text is in the log after this time, also while its message continues. */
const FLUSH_MS = 2_000;
/** Characters of an answer; the log has longer ones in full. */
const ANSWER_CHARS = 1 << 20;
/** Counts the spend of the session. */
interface Spend {
  readonly usage: Usage;
  /** Takes a `usage_update`. */
  update(update: Fields): void;
  /** Reads the agent's own record of the session; resolves when the client knows what is new in it. */
  read?(): Promise<void>;
}

/** The kind of the current text: message or thought. */
type Voice = 'message' | 'thought';

/**
 * Converts an agent's session updates to log entries, progress and usage. Chunks are joined into whole messages, which
 * end where other content starts; each tool call becomes one entry.
 */
export class UpdateLog {
  readonly tools: ToolLog;
  /** The id of the session whose updates are taken; the messages of others (of subagents) are not mixed in. */
  sessionId: string | undefined;
  /** True while an agent replays a loaded session: its history is in the log already. */
  replaying = false;
  /** True while a turn runs. Updates between turns are logged immediately. */
  inTurn = false;
  /** Milliseconds since 1970: when the rate limit ends that the agent reported last. */
  rateLimitEndsAt: number | undefined;
  private readonly client: GuardedClient;
  private readonly spend: Spend;
  private readonly cwd: string;
  private readonly adapter: AgentAdapter;
  private chunks: string[] = [];
  private chars = 0;
  private voice: Voice = 'message';
  private messageId: unknown;
  private lastMessage = '';
  /** The current message, of which a part may be in the log already. */
  private whole = '';
  private timer: NodeJS.Timeout | undefined;
  private plan = '';
  private behind: PromiseLike<void> | undefined;

  constructor(client: GuardedClient, spend: Spend, cwd: string, adapter: AgentAdapter = plainAdapter) {
    this.client = client;
    this.cwd = cwd;
    this.adapter = adapter;
    this.spend = spend;
    this.tools = new ToolLog(cwd, (entry) => this.say(entry), adapter.refusal);
  }

  /** The agent's last complete message in this turn, its answer. */
  get answer(): string {
    return this.lastMessage;
  }

  beginTurn(): void {
    this.flush();
    this.lastMessage = '';
    this.inTurn = true;
  }

  endTurn(cancelled: boolean): void {
    this.flush();
    this.tools.finishAll(cancelled ? 'cancelled' : 'unfinished');
    this.inTurn = false;
  }

  /** Handles the parameters of one `session/update`. Never throws; returns a promise while the log is behind. */
  update(params: unknown, bytes: number): void | PromiseLike<void> {
    const update = fieldsOf(fieldsOf(params)?.update);
    if (update === undefined) return;
    this.client.alive?.();
    const own = this.sessionId === undefined || fieldsOf(params)?.sessionId === this.sessionId;
    if (update.sessionUpdate === 'usage_update' && own) this.countUsage(update);
    else if (!this.replaying) this.take(update, own, bytes);
    return this.takeBehind();
  }

  /** A tool call in the words of the protocol. */
  normal(sent: Fields): Fields {
    return this.adapter.call?.(sent, this.cwd) ?? sent;
  }

  /** Counts the calls of the model up to now, before the agent acts on the last one. */
  async count(): Promise<void> {
    await this.spend.read?.();
  }

  /** Logs the buffered text. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.chars > 0) {
      const text = this.chunks.join('');
      this.chunks = [];
      this.chars = 0;
      this.speak(text, false);
    }
    this.whole = '';
  }

  /** Logs the available part of an unfinished message, up to the end of a line or a word. */
  private flushPart(): void {
    this.timer = undefined;
    const text = this.chunks.join('');
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf(' ')) + 1;
    const cut = end > 0 ? end : text.length;
    this.speak(text.slice(0, cut), true);
    this.chunks = [text.slice(cut)];
    this.chars = text.length - cut;
    if (this.chars > 0) this.timer = this.later();
  }

  private later(): NodeJS.Timeout {
    return setTimeout(() => this.flushPart(), FLUSH_MS).unref();
  }

  private take(update: Fields, own: boolean, bytes: number): void {
    switch (update.sessionUpdate) {
      case 'agent_message_chunk':
      case 'agent_thought_chunk':
        if (own) this.hear(update.sessionUpdate === 'agent_message_chunk' ? 'message' : 'thought', update);
        return;
      case 'tool_call':
      case 'tool_call_update':
        void this.count();
        this.flush();
        this.tools.update(this.normal(update), bytes);
        // Agents without a plan of the protocol keep it with a tool.
        if (own) this.showPlan(readPlan(listOf(fieldsOf(update.rawInput)?.todos)));
        return;
      case 'plan':
        if (own) this.showPlan(readPlan(listOf(update.entries)));
        return;
      default: // commands, modes, options: nothing for a task's log
    }
  }

  private hear(voice: Voice, update: Fields): void {
    if (voice !== this.voice || (update.messageId !== undefined && update.messageId !== this.messageId)) this.flush();
    this.voice = voice;
    this.messageId = update.messageId;
    const text = contentText(update.content);
    this.chunks.push(text);
    this.chars += text.length;
    if (this.chars >= MAX_LINE_BYTES) this.speakFullParts();
    if (this.chars > 0) this.timer ??= this.later();
    if (!this.inTurn) this.flush();
  }

  private speakFullParts(): void {
    let text = this.chunks.join('');
    while (text.length >= MAX_LINE_BYTES) {
      const cut = cutPoint(text, MAX_LINE_BYTES);
      this.speak(text.slice(0, cut), true);
      text = text.slice(cut);
    }
    this.chunks = [text];
    this.chars = text.length;
  }

  private speak(message: string, continued: boolean): void {
    if (message.trim() === '') return;
    const more = continued ? { continued } : {};
    if (this.voice === 'thought') {
      this.say({ type: 'agent', level: 'debug', message, metadata: { thought: true, ...more } });
      return;
    }
    this.whole = `${this.whole}${message}`.slice(-ANSWER_CHARS);
    this.lastMessage = this.whole;
    this.say({ type: 'agent', level: 'info', message, ...(continued ? { metadata: more } : {}) });
  }

  private showPlan(entries: readonly PlanEntry[]): void {
    if (entries.length === 0) return;
    const shape = JSON.stringify(entries);
    if (shape === this.plan) return;
    this.plan = shape;
    this.flush();
    const done = entries.filter((entry) => entry.status === 'completed').length;
    const current = entries.find((entry) => entry.status === 'in_progress');
    const percent = Math.round((done / entries.length) * 100);
    this.client.progress(percent);
    const message = `Plan: ${done} of ${entries.length} done${current === undefined ? '' : `; now: ${current.content}`}`;
    this.say({ type: 'progress', level: 'info', message, metadata: { progress: percent, plan: entries } });
  }

  private countUsage(update: Fields): void {
    this.rateLimitEndsAt = rateLimitEnd(update) ?? this.rateLimitEndsAt;
    this.spend.update(update);
    if (!this.replaying) this.client.usage(this.spend.usage);
  }

  private say(entry: LogDraft): void {
    const behind = this.client.log(entry);
    if (behind === undefined) return;
    const { behind: before } = this;
    this.behind = before === undefined ? behind : before.then(() => behind);
  }

  private takeBehind(): PromiseLike<void> | undefined {
    const { behind } = this;
    this.behind = undefined;
    return behind;
  }
}
