import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { DisposableStack } from '../core/disposable.ts';
import type { OperationContext } from '../operations/context.ts';
import { notifyClient, type Offer, requireTrust, taskServer } from './task-server.ts';

const MAX_MESSAGE_BYTES = 4_000_000;

/** The streams of a client and the operations for it. */
export interface StdioOptions extends Offer {
  readonly input: Readable;
  readonly output: Writable;
}

/** A server for one client, until it closes its end. */
export interface StdioServer {
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves the tasks of a folder to one client on two streams.
 *
 * @throws TaskError `Untrusted` in a restricted folder
 */
export function serveTasks(context: OperationContext, options: StdioOptions): StdioServer {
  requireTrust(context);
  const { input, output } = options;
  const resources = new DisposableStack();
  const transport = new StdioServerTransport(input, output, { maxBufferSize: MAX_MESSAGE_BYTES });
  const handle = serveStdio(
    ({ era }) => {
      const subscriptions = new Set<string>();
      const server = taskServer(context, options, subscriptions);
      const watched = resources.add(
        notifyClient(context, server, {
          scope: options.scope,
          subscriptions: era === 'legacy' ? subscriptions : undefined,
        }),
      );
      server.server.onclose = () => watched.dispose();
      return server;
    },
    { transport, onerror: (error) => context.logger.warn(`MCP: ${error.message}`) },
  );
  const ended = new Promise<void>((resolve) => {
    input.once('close', resolve);
    input.once('end', resolve);
  });
  return {
    ended,
    close: async () => {
      resources.dispose();
      await handle.close();
    },
  };
}
