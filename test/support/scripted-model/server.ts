import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type ModelApi, Stream } from './api.ts';
import {
  type ModelError,
  type ModelReply,
  type ModelRequest,
  type ModelTurn,
  type ModelUsage,
  usageOf,
} from './turn.ts';

/** Tokens that the answer to a side call claims: odd numbers that are recognised in a sum. */
const SIDE_USAGE: ModelUsage = { input: 7, output: 3 };

export interface ScriptedModel {
  /** `http://127.0.0.1:PORT`, with the path that the API's clients expect. */
  readonly baseURL: string;
  /** The requests that took a turn of the script, in order; those that received an error are among them. */
  readonly requests: readonly ModelRequest[];
  /** Titles, routers and the like. */
  readonly sideCalls: readonly ModelRequest[];
  /** `METHOD path` of what nobody answers. */
  readonly unknown: readonly string[];
  /** The sum of what all complete answers claimed. */
  readonly spent: ModelUsage;
  /** Resolves when that many requests have taken a turn of the script. */
  asked(turns: number): Promise<void>;
  /** Answers the requests that took a held turn, and those that take one later. */
  release(): void;
  close(): Promise<void>;
}

/**
 * A model for tests, on loopback: it speaks a vendor's API and answers what its script says, turn by turn; after the last
 * turn it repeats a short text.
 */
export async function startScriptedModel(
  api: ModelApi,
  script: readonly (ModelTurn | ModelReply)[],
): Promise<ScriptedModel> {
  const requests: ModelRequest[] = [];
  const sideCalls: ModelRequest[] = [];
  const unknown: string[] = [];
  const onAsked = new EventEmitter();
  onAsked.setMaxListeners(0);
  const released = Promise.withResolvers<void>();
  let next = 0;
  let errors = 0;

  /** An error is repeated as often as it says, as the agent retries. */
  function take(request: ModelRequest): ModelTurn {
    const entry = script[next] ?? { text: 'Nothing more to do.' };
    const turn = 'reply' in entry ? entry.reply(request.text, request) : entry;
    if (turn.again === true) return turn;
    errors = turn.error === undefined ? 0 : errors + 1;
    if (turn.error === undefined || errors >= (turn.error.times ?? Number.POSITIVE_INFINITY)) {
      next += 1;
      errors = 0;
    }
    return turn;
  }

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = message.url ?? '';
    const method = message.method ?? '';
    const body = await bodyOf(message);
    const route = api.route(method, path.split('?')[0] ?? '', body);
    if (route === undefined) {
      unknown.push(`${method} ${path}`);
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const out = new Stream(response);
    if (typeof route === 'object') return out.json(route);
    const request: ModelRequest = {
      path,
      model: api.modelOf(path, body),
      headers: message.headers,
      body,
      tools: api.toolsOf(body),
      text: JSON.stringify(body),
    };
    const turn = route === 'side' ? sideTurn(body) : take(request);
    (route === 'side' ? sideCalls : requests).push(request);
    if (route === 'turn') onAsked.emit('asked');
    if (turn.held === true) await released.promise;
    if (turn.delayMs !== undefined) await delay(turn.delayMs);
    if (turn.error !== undefined) return fail(response, turn.error);
    await api.write(out, turn, path, request.model, body);
    if (turn.hang !== true) request.usage = usageOf(turn);
  }

  const sideTurn = (body: Record<string, unknown>): ModelTurn => ({
    text: api.sideText?.(body) ?? 'A scripted session',
    usage: SIDE_USAGE,
  });

  function fail(response: ServerResponse, { status, retryAfterS, message }: ModelError): void {
    const retry = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
    response.writeHead(status, { 'content-type': 'application/json', ...retry });
    response.end(JSON.stringify(api.errorBody(status, message ?? `scripted status ${status}`)));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}${api.basePath}`,
    requests,
    sideCalls,
    unknown,
    get spent() {
      const all = [...requests, ...sideCalls].flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
      return all.reduce((a, b) => ({ input: a.input + b.input, output: a.output + b.output }), { input: 0, output: 0 });
    },
    async asked(turns) {
      while (requests.length < turns) await once(onAsked, 'asked');
    },
    release: released.resolve,
    close: () => closeServer(server),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
