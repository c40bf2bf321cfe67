import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '../../machine/temporary.ts';

/** A socket for processes of this user. */
export interface PrivateSocket {
  /** Path of the socket, or the name of the pipe on Windows. */
  readonly path: string;
  /** Ends all connections and removes the socket. */
  close(): Promise<void>;
}

/**
 * Listens on a socket in a new folder that only this user can enter. It does not keep the process running.
 *
 * @param name its purpose, in lower case letters
 */
export async function openPrivateSocket(name: string, serve: (socket: Socket) => void): Promise<PrivateSocket> {
  const windows = process.platform === 'win32';
  const folder = windows ? undefined : await temporaryFolder(name);
  const path =
    folder === undefined
      ? `\\\\.\\pipe\\systemprompt-${name}-${randomBytes(16).toString('hex')}`
      : join(folder.path, 'socket');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    if (folder !== undefined) await chmod(path, 0o600);
  } catch (error) {
    server.close();
    await folder?.remove();
    throw error;
  }
  server.unref();
  return {
    path,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await folder?.remove();
    },
  };
}
