import type { Readable } from 'node:stream';
import { type LinePart, LineSplitter } from './line-splitter.ts';

/**
 * After all processes have exited, their output arrives immediately. A pipe that stays open and silent for this long is
 * held by a process that escaped (it cleared its environment and left the group), so reading stops.
 */
const SILENT_MS = 2_000;

/**
 * Reads a child's output line by line to its end. `onLine` slows the child down by returning a promise. Resolves at the
 * end of the output, never rejects.
 *
 * @param gone resolves when no process of the child's group is left
 */
export async function pumpLines(
  stream: Readable,
  gone: Promise<unknown>,
  onLine: (part: LinePart) => void | PromiseLike<void>,
): Promise<void> {
  const splitter = new LineSplitter();
  const release = releaseWhenSilent(stream, gone);
  try {
    for await (const chunk of stream) {
      for (const part of splitter.push(chunk as Uint8Array)) {
        const behind = onLine(part);
        if (behind !== undefined) await behind;
      }
    }
  } catch {
    // Destroyed or broken: no more data will arrive.
  } finally {
    release();
  }
  for (const part of splitter.flush()) await onLine(part);
}

/** Destroys a stream that stays silent after all its writers have exited. Returns a function that stops watching it. */
export function releaseWhenSilent(stream: Readable, gone: Promise<unknown>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  void gone.then(() => {
    if (stopped) return;
    let read = -1;
    timer = setInterval(() => {
      const now = bytesSeen(stream);
      // Bytes that wait in the stream's buffer wait for a slow log, not for a writer.
      if (now === read && stream.readableLength === 0) stream.destroy();
      read = now;
    }, SILENT_MS);
  });
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

function bytesSeen(stream: Readable): number {
  return 'bytesRead' in stream && typeof stream.bytesRead === 'number' ? stream.bytesRead : 0;
}
