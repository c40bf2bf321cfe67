import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What the model "says" to one request of the agent. */
export interface ModelTurn {
  readonly text?: string;
  /** Tools of the agent that it calls, by the agent's own names, with their arguments. */
  readonly tools?: readonly { readonly name: string; readonly input: Readonly<Record<string, unknown>> }[];
  /** Says the text, and then nothing more until the agent or the model is closed. */
  readonly hang?: boolean;
  readonly delayMs?: number;
  /** Tokens it claims; 100 in, 10 out if not given. */
  readonly usage?: { readonly input: number; readonly output: number };
  /** Why it stopped, in OpenAI's words; `tool_calls` or `stop` if not given. */
  readonly finish?: string;
  /** Answers with this HTTP status instead. */
  readonly status?: number;
}

/** What it says by what it was told, for conversations that are held at once and come in any order. */
export interface ModelReply {
  reply(conversation: string): ModelTurn;
}

export interface ScriptedModel {
  /** `http://127.0.0.1:PORT/v1`. */
  readonly baseURL: string;
  /** The bodies of the requests that took a turn of the script, in order. */
  readonly requests: readonly ModelRequest[];
  /** Resolves when that many turns of the script have been asked for. */
  asked(turns: number): Promise<void>;
  close(): Promise<void>;
}

export interface ModelRequest {
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

/**
 * A model for tests, on loopback: it speaks OpenAI's streaming chat completions and says what its script says, turn by
 * turn; after the last turn it repeats a short text. A request without tools (an agent that wants a title for its
 * session) takes no turn.
 */
export async function startScriptedModel(script: readonly (ModelTurn | ModelReply)[]): Promise<ScriptedModel> {
  const requests: ModelRequest[] = [];
  const onAsked = new EventEmitter();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (body.tools === undefined || body.tools.length === 0) {
      await stream(response, { text: 'A scripted session' });
      return;
    }
    const turn = script[requests.length] ?? { text: 'Nothing more to do.' };
    requests.push(body);
    onAsked.emit('asked');
    await stream(response, 'reply' in turn ? turn.reply(JSON.stringify(body.messages)) : turn);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests,
    async asked(turns) {
      while (requests.length < turns) await once(onAsked, 'asked');
    },
    close: () => closeServer(server),
  };
}

async function stream(response: ServerResponse, turn: ModelTurn): Promise<void> {
  if (turn.delayMs !== undefined) await delay(turn.delayMs);
  if (turn.status !== undefined) {
    response.writeHead(turn.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: `scripted status ${turn.status}`, type: 'scripted' } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: object, finish: string | null = null, more: object = {}): void => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    const chunk = { id: 'chatcmpl-scripted', object: 'chat.completion.chunk', created: 0, model: 'scripted', choices };
    response.write(`data: ${JSON.stringify({ ...chunk, ...more })}\n\n`);
  };
  // In small pieces, as a model does it.
  for (const piece of turn.text?.match(/[\s\S]{1,12}/gu) ?? []) send({ role: 'assistant', content: piece });
  if (turn.hang === true) return;
  for (const [index, tool] of (turn.tools ?? []).entries()) {
    const call = { name: tool.name, arguments: JSON.stringify(tool.input) };
    send({
      tool_calls: [
        { index, id: `call_${index}_${Math.random().toString(36).slice(2)}`, type: 'function', function: call },
      ],
    });
  }
  const { input, output } = turn.usage ?? { input: 100, output: 10 };
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  send({}, turn.finish ?? (turn.tools === undefined ? 'stop' : 'tool_calls'), { usage });
  response.end('data: [DONE]\n\n');
}

async function bodyOf(request: IncomingMessage): Promise<ModelRequest | undefined> {
  if (request.method !== 'POST' || !request.url?.endsWith('/chat/completions')) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as ModelRequest;
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
