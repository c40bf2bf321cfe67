import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import {
  type ChatEvent,
  type ChatRequest,
  chatRequestSchema,
  MAX_MESSAGE_BYTES,
} from '../../core/editor-model/wire.ts';
import { LineReader } from '../sockets/line-reader.ts';
import { openPrivateSocket, type PrivateSocket } from '../sockets/private-socket.ts';

/** Calls one model. An abort ends the call; the last event is `done` or `error`. */
export type CallModel = (request: ChatRequest, signal: AbortSignal) => AsyncIterable<ChatEvent>;

/**
 * Passes the calls of agents on to the models of this process. Each connection carries one call; closing it cancels the
 * call. It offers nothing but the models: no store, no files.
 */
export class ModelServer {
  readonly token = randomBytes(32).toString('hex');
  private readonly call: CallModel;
  private socket: PrivateSocket | undefined;

  private constructor(call: CallModel) {
    this.call = call;
  }

  static async open(call: CallModel): Promise<ModelServer> {
    const server = new ModelServer(call);
    server.socket = await openPrivateSocket('models', (socket) => server.serve(socket));
    return server;
  }

  get path(): string {
    return this.socket?.path ?? '';
  }

  /** Cancels all calls. */
  async close(): Promise<void> {
    await this.socket?.close();
  }

  private serve(socket: Socket): void {
    const closed = new AbortController();
    socket.once('close', () => closed.abort());
    let asked = false;
    const reader = new LineReader((line) => {
      const request = asked ? undefined : requestIn(line);
      asked = true;
      if (request?.token !== this.token) socket.destroy();
      else void this.answer(request, socket, closed.signal);
    }, MAX_MESSAGE_BYTES);
    socket.on('data', (chunk: Buffer) => {
      if (!reader.push(chunk)) socket.destroy();
    });
  }

  private async answer(request: ChatRequest, socket: Socket, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of this.call(request, signal)) {
        if (signal.aborted) return;
        if (!socket.write(`${JSON.stringify(event)}\n`)) await once(socket, 'drain', { signal });
      }
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      socket.write(`${JSON.stringify({ type: 'error', failure: 'failed', message } satisfies ChatEvent)}\n`);
    }
    socket.end();
  }
}

function requestIn(line: string): ChatRequest | undefined {
  try {
    return chatRequestSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
