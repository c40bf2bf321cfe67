import { fstatSync, type Stats, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';

/** Takes the text of a command. `columns` is the width of a terminal. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  write(text: string): void;
}

/** Opens Node's stream, which ends the process quietly if the pipe is closed (`| head`): nothing reads its output. */
export function streamOf(process: NodeJS.Process, name: 'stdout' | 'stderr'): NodeJS.WriteStream {
  return process[name].on('error', (error: NodeJS.ErrnoException) => endOnClosedPipe(process, error));
}

function endOnClosedPipe(process: NodeJS.Process, error: NodeJS.ErrnoException): never {
  if (error.code !== 'EPIPE') throw error;
  return process.exit(process.exitCode ?? 0);
}

/**
 * Writes to one of the streams of the process, and opens it on first use. Text for a file or a pipe goes to its
 * descriptor, because Node's streams load its sockets, which takes a noticeable part of a short command's time.
 */
export function sinkOf(process: NodeJS.Process, name: 'stdout' | 'stderr'): Sink {
  const descriptor = name === 'stdout' ? 1 : 2;
  let opened: NodeJS.WriteStream | undefined;
  let direct: boolean | undefined;
  const isDirect = (): boolean => {
    direct ??= isWithoutTerminal(descriptor);
    return direct;
  };
  const stream = (): NodeJS.WriteStream => {
    opened ??= streamOf(process, name);
    return opened;
  };
  return {
    get isTTY(): boolean {
      return !isDirect() && stream().isTTY === true;
    },
    get columns(): number | undefined {
      return isDirect() ? undefined : stream().columns;
    },
    write(text) {
      if (!isDirect()) {
        stream().write(text);
        return;
      }
      let rest: Buffer = Buffer.from(text);
      try {
        while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
      } catch (error) {
        // The other end made the pipe non-blocking, and it is full. The stream waits, for this text and all later text.
        const failure = error as NodeJS.ErrnoException;
        if (failure.code !== 'EAGAIN') endOnClosedPipe(process, failure);
        direct = false;
        stream().write(rest);
      }
    },
  };
}

/** True for a file, a pipe, a socket and the null device. Windows answers with an error for some consoles. */
function isWithoutTerminal(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() || stats.isFIFO() || stats.isSocket() || isNullDevice(stats);
  } catch {
    return false;
  }
}

function isNullDevice(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === statSync(devNull).rdev;
}
