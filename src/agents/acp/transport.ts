import type { Readable, Writable } from 'node:stream';
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import { type Frame, FrameSplitter } from './frames.ts';
import { type Fields, fieldsOf } from './wire.ts';

/** Events of the transport, apart from the messages that it forwards to the protocol library. */
export interface TransportListener {
  /** The parameters of a `session/update`. Returning a promise slows the agent down. Must not throw. */
  update(params: unknown, bytes: number): void | PromiseLike<void>;
  /** A line that is no message; it is skipped. */
  garbage(line: string, why: string): void | PromiseLike<void>;
  /** A message exceeded the limit and may have been an awaited answer: the session cannot continue. */
  fatal(why: string): void;
}

const UPDATE_METHOD = 'session/update';
const CANCEL_METHOD = '$/cancel_request';

/**
 * Joins a child's standard streams to the protocol's library. Requests and answers go through it. Session updates do
 * not: the library validates each against the whole schema (twice) and drops, with a line on our own standard error,
 * those that a newer agent sends; here they are handed over in order, cheaply, and as slowly as the log can take them.
 * Extension notifications (`_…`) are left out, lines that are no messages are reported and skipped.
 */
export function openTransport(stdout: Readable, stdin: Writable, listener: TransportListener): Stream {
  const waiting = new Set<unknown>();
  const messages = readMessages(stdout, listener, waiting);
  const readable = new ReadableStream<AnyMessage>(
    {
      async pull(controller) {
        const { value, done } = await messages.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await messages.return();
      },
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<AnyMessage>({
    async write(message) {
      if ('method' in message && 'id' in message) waiting.add(message.id);
      await writeLine(stdin, JSON.stringify(message));
    },
  });
  return { readable, writable };
}

async function* readMessages(
  stdout: Readable,
  listener: TransportListener,
  waiting: Set<unknown>,
): AsyncGenerator<AnyMessage, void, undefined> {
  const splitter = new FrameSplitter();
  try {
    for await (const chunk of stdout) {
      for (const frame of splitter.push(chunk as Uint8Array)) {
        const result = take(frame, listener, waiting);
        if (result === undefined) continue;
        if (isMessage(result)) yield result;
        else await result;
      }
    }
  } catch {
    // Destroyed or broken: no more data will arrive.
  }
  for (const frame of splitter.flush()) {
    const result = take(frame, listener, waiting);
    if (isMessage(result)) yield result;
    else await result;
  }
}

/** A message for the library, a promise to wait for, or undefined. */
function take(
  frame: Frame,
  listener: TransportListener,
  waiting: Set<unknown>,
): AnyMessage | PromiseLike<void> | undefined {
  if (frame.text === '') return;
  if (frame.oversized) {
    if (frame.text.startsWith('{')) listener.fatal(`it sent a message of ${frame.bytes} bytes, which is too long`);
    return listener.garbage(frame.text, 'too long') ?? undefined;
  }
  let message: Fields | undefined;
  try {
    message = fieldsOf(JSON.parse(frame.text));
  } catch {
    return listener.garbage(frame.text, 'not JSON') ?? undefined;
  }
  if (message === undefined || message.jsonrpc !== '2.0')
    return listener.garbage(frame.text, 'not JSON-RPC 2.0') ?? undefined;
  const { method, id } = message;
  if (typeof method === 'string') {
    if (id !== undefined && id !== null) return message as AnyMessage;
    if (method === UPDATE_METHOD) return listener.update(message.params, frame.bytes) ?? undefined;
    return method === CANCEL_METHOD ? (message as AnyMessage) : undefined;
  }
  // An answer without a request would only make the library log noise.
  if (!waiting.delete(id)) return listener.garbage(frame.text, 'an answer to nothing') ?? undefined;
  return message as AnyMessage;
}

function isMessage(value: AnyMessage | PromiseLike<void> | undefined): value is AnyMessage {
  return value !== undefined && 'jsonrpc' in value;
}

/** Waits until the child has read it. If the child has exited, the reader reports that. */
async function writeLine(stdin: Writable, line: string): Promise<void> {
  await new Promise<void>((resolve) => {
    stdin.write(`${line}\n`, () => resolve());
  });
}
