/**
 * What the FAKE agents of the tests are made of: enough of the Agent Client Protocol, as plain lines of JSON, to be run
 * as a child process by the real adapter. No model, no tools: each fake does one thing that an agent may do.
 */
import { createInterface } from 'node:readline';

export interface FakeTurn {
  readonly sessionId: string;
  readonly text: string;
  /** 1 for the first prompt. */
  readonly number: number;
  /** Aborted by `session/cancel`. */
  readonly cancelled: AbortSignal;
  /** Sends a `session/update`. */
  update(update: object): void;
  say(text: string): void;
  /** Asks for permission; resolves with the chosen option's id, or `cancelled`. */
  ask(toolCall: object): Promise<string>;
}

export interface FakeAgent {
  readonly capabilities?: object;
  readonly initialize?: (params: Record<string, unknown>) => unknown;
  readonly authMethods?: readonly object[];
  /** Answers `session/new`, `session/load` and `session/resume`. */
  readonly open?: (method: string, params: Record<string, unknown>) => unknown;
  /** One turn; what it gives back is the answer, a bare text is a stop reason. */
  readonly prompt?: (turn: FakeTurn) => Promise<string | object>;
  /** Stays when its standard input ends. */
  readonly outlives?: boolean;
  readonly request?: (method: string, params: Record<string, unknown>) => unknown;
}

export class FakeError extends Error {
  readonly code: number;
  readonly data: object | undefined;
  constructor(code: number, message: string, data?: object) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: { readonly outcome?: { readonly outcome: string; readonly optionId?: string } };
}

export function send(message: object): boolean {
  return process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

const requested = new Map<string, (result: unknown) => void>();

/** Sends a request of its own; resolves with the client's result. */
export function request(method: string, params: object): Promise<unknown> {
  const id = `request-${requested.size + 1}`;
  return new Promise((resolve) => {
    requested.set(id, resolve);
    send({ id, method, params });
  });
}

export function textChunk(text: string): object {
  return { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } };
}

/** Serves the protocol on the standard streams until they close. */
export function serve(fake: FakeAgent): void {
  const answers = new Map<unknown, (message: Message) => void>();
  let cancel = new AbortController();
  let turns = 0;
  let asked = 0;

  function turnOf(params: Record<string, unknown>): FakeTurn {
    const sessionId = String(params.sessionId);
    const [block] = params.prompt as { text: string }[];
    cancel = new AbortController();
    turns += 1;
    const update = (value: object): void =>
      void send({ method: 'session/update', params: { sessionId, update: value } });
    return {
      sessionId,
      text: block?.text ?? '',
      number: turns,
      cancelled: cancel.signal,
      update,
      say: (text) => update(textChunk(text)),
      ask(toolCall) {
        asked += 1;
        const id = `ask-${asked}`;
        const kinds = ['allow_once', 'allow_always', 'reject_once'];
        const options = kinds.map((kind) => ({ optionId: kind, name: kind, kind }));
        send({ id, method: 'session/request_permission', params: { sessionId, toolCall, options } });
        return new Promise((resolve) => {
          answers.set(id, ({ result }) => resolve(result?.outcome?.optionId ?? 'cancelled'));
        });
      },
    };
  }

  async function answer(method: string, params: Record<string, unknown>): Promise<unknown> {
    if (method === 'initialize') {
      const agentInfo = { name: 'A fake agent', version: '1.0.0' };
      const { capabilities: agentCapabilities = {}, authMethods = [] } = fake;
      return fake.initialize?.(params) ?? { protocolVersion: 1, agentInfo, agentCapabilities, authMethods };
    }
    if (/^session\/(?:new|load|resume)$/.test(method)) {
      return (await fake.open?.(method, params)) ?? { sessionId: params.sessionId ?? `fake-${process.pid}` };
    }
    if (method === 'session/prompt') {
      const result = (await fake.prompt?.(turnOf(params))) ?? 'end_turn';
      return typeof result === 'string' ? { stopReason: result } : result;
    }
    if (fake.request !== undefined) return await fake.request(method, params);
    throw new FakeError(-32601, `Method not found: ${method}`);
  }

  async function take(line: string): Promise<void> {
    const message = JSON.parse(line) as Message;
    if (message.method === undefined && requested.has(String(message.id))) {
      return requested.get(String(message.id))?.(message.result);
    }
    if (message.method === undefined) return answers.get(message.id)?.(message);
    if (message.method === 'session/cancel') return cancel.abort();
    if (message.id === undefined) return;
    try {
      send({ id: message.id, result: await answer(message.method, message.params ?? {}) });
    } catch (error) {
      const code = error instanceof FakeError ? error.code : -32603;
      const data = error instanceof FakeError ? error.data : undefined;
      const text = error instanceof Error ? error.message : String(error);
      send({ id: message.id, error: { code, message: text, ...(data === undefined ? {} : { data }) } });
    }
  }

  // A test that was broken off leaves no fake behind, but for the one that is made to stay.
  createInterface({ input: process.stdin })
    .on('line', (line) => void take(line))
    .on('close', () => fake.outlives === true || process.exit(0));
}
