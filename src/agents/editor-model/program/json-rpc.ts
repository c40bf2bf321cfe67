import type { Readable, Writable } from 'node:stream';
import { FrameSplitter } from '../../acp/frames.ts';
import { type Fields, fieldsOf, textOf } from '../../acp/wire.ts';

/** An error of JSON-RPC, in both directions. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

interface Handlers {
  /** Answers a request. An `RpcError` keeps its code and data. */
  request(method: string, params: Fields): Promise<unknown>;
  notification?(method: string, params: Fields): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** JSON-RPC in lines, as the Agent Client Protocol and MCP have it on standard streams. */
export class JsonRpc {
  /** Resolves at the end of the input. */
  readonly ended: Promise<void>;
  private readonly output: Writable;
  private readonly handlers: Handlers;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(input: Readable, output: Writable, handlers: Handlers) {
    this.output = output;
    this.handlers = handlers;
    output.on('error', () => {});
    this.ended = this.read(input).then(() => {
      for (const { reject } of this.waiting.values()) reject(new RpcError(-32000, 'The connection was closed.'));
      this.waiting.clear();
    });
  }

  /** @throws RpcError as the other side answers it, or at the end of the connection */
  async request(method: string, params: object): Promise<unknown> {
    this.last += 1;
    const id = this.last;
    return await new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.send({ id, method, params });
    });
  }

  notify(method: string, params: object): void {
    this.send({ method, params });
  }

  private send(message: object): void {
    this.output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  /** Not with `readline`: it also ends a line at U+2028, which JSON has in its texts as it is. */
  private async read(input: Readable): Promise<void> {
    const splitter = new FrameSplitter();
    try {
      for await (const chunk of input) for (const { text } of splitter.push(chunk as Buffer)) void this.take(text);
    } catch {
      // Destroyed or broken: no more messages will arrive.
    }
  }

  private async take(line: string): Promise<void> {
    const message = parsed(line);
    if (message === undefined) return;
    const { id, method } = message;
    const params = fieldsOf(message.params) ?? {};
    if (typeof method !== 'string') this.settle(id, message);
    else if (id === undefined) this.handlers.notification?.(method, params);
    else await this.answer(id, method, params);
  }

  private settle(id: unknown, { result, error }: Fields): void {
    const waiting = typeof id === 'number' ? this.waiting.get(id) : undefined;
    if (waiting === undefined) return;
    this.waiting.delete(id as number);
    const failure = fieldsOf(error);
    if (failure === undefined) waiting.resolve(result);
    else {
      const code = typeof failure.code === 'number' ? failure.code : -32603;
      waiting.reject(new RpcError(code, textOf(failure.message) ?? 'unknown error', failure.data));
    }
  }

  private async answer(id: unknown, method: string, params: Fields): Promise<void> {
    try {
      this.send({ id, result: (await this.handlers.request(method, params)) ?? {} });
    } catch (error) {
      const { code, data } = error instanceof RpcError ? error : { code: -32603, data: undefined };
      const message = error instanceof Error ? error.message : String(error);
      this.send({ id, error: { code, message, ...(data === undefined ? {} : { data }) } });
    }
  }
}

function parsed(line: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}
