import { connect } from 'node:net';
import {
  type ChatEvent,
  type ChatMessage,
  type ChatPart,
  type ChatRequest,
  chatEventSchema,
} from '../../../core/editor-model/wire.ts';
import { WINDOW_CLOSED } from '../../acp/errors.ts';
import { FrameSplitter } from '../../acp/frames.ts';
import { RpcError } from './json-rpc.ts';

/** An answer of a model, and the tokens of the call. */
export interface ChatAnswer {
  readonly message: ChatMessage;
  readonly input: number;
  readonly output: number;
}

interface ChatOptions {
  readonly socket: string;
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  /** Receives the text as it arrives. */
  readonly text: (text: string) => void;
}

/** Bytes of one line of an answer. */
const MAX_LINE_BYTES = 8 << 20;

const kinds = {
  no_permission: 'authentication_failed',
  not_found: 'model_not_found',
  blocked: 'quota_exhausted',
  failed: 'server_error',
} as const;

/**
 * Calls a model of the window.
 *
 * @throws RpcError `WINDOW_CLOSED`, or with the `errorKind` of a model that did not answer; an abort rejects, too
 */
export async function chat({ socket: path, request, signal, text }: ChatOptions): Promise<ChatAnswer> {
  const parts: ChatPart[] = [];
  const last = await new Promise<ChatEvent | undefined>((resolve, reject) => {
    const socket = connect(path);
    const splitter = new FrameSplitter(MAX_LINE_BYTES);
    const abort = (): void => void socket.destroy();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk: Buffer) => {
      for (const { text: line, oversized } of splitter.push(chunk)) {
        const event = oversized ? undefined : eventIn(line);
        if (event === undefined) {
          reject(new RpcError(-32603, 'The window sent a message that is not valid.', { errorKind: 'server_error' }));
          return abort();
        }
        if (event.type === 'done' || event.type === 'error') resolve(event);
        else take(event, parts, text);
      }
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      signal.removeEventListener('abort', abort);
      resolve(undefined);
    });
  });
  signal.throwIfAborted();
  if (last === undefined) throw new RpcError(WINDOW_CLOSED, 'The window that offered the model was closed.');
  if (last.type === 'error') throw new RpcError(-32603, last.message, { errorKind: kinds[last.failure] });
  if (last.type !== 'done') throw new RpcError(-32603, 'The answer has no end.');
  return { message: { role: 'assistant', parts }, input: last.input, output: last.output };
}

function take(event: ChatEvent, parts: ChatPart[], text: (text: string) => void): void {
  if (event.type === 'call') {
    const { id, name, input } = event;
    parts.push({ type: 'call', id, name, input });
  } else if (event.type === 'text' && event.text !== '') {
    text(event.text);
    const before = parts.at(-1);
    if (before?.type === 'text') parts[parts.length - 1] = { type: 'text', text: before.text + event.text };
    else parts.push({ type: 'text', text: event.text });
  }
}

function eventIn(line: string): ChatEvent | undefined {
  try {
    return chatEventSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
