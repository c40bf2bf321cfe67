import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { SOCKET_VARIABLE, TOKEN_VARIABLE } from '../../runtime/agent-tools/protocol.ts';
import { createServer, serveTools } from '../server.ts';
import { WorkerClient } from './client.ts';
import { AgentTools } from './tools.ts';

const instructions =
  'Tools for the task that you are working on. Report progress after larger steps, and leave a hand-over note at the end.';

interface AgentServerOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/**
 * Serves the tools of a task's own agent. It forwards calls to the worker and opens no store.
 *
 * @throws TaskError `LeaseLost` outside of a run
 */
export function serveAgent({ input, output, env, version }: AgentServerOptions): { ended: Promise<void> } {
  const [path, token] = [env[SOCKET_VARIABLE], env[TOKEN_VARIABLE]];
  if (path === undefined || token === undefined) {
    throw new TaskError('LeaseLost', 'The agent tools belong to a run: a worker offers them to the agent of a task.', {
      next: [operationStep('Start a task', 'task.start', {}, ['tasks'])],
    });
  }
  const worker = new WorkerClient(path, token);
  serveStdio(
    () => {
      const server = createServer({ version, instructions }, false);
      serveTools(server, new AgentTools(worker));
      return server;
    },
    { transport: new StdioServerTransport(input, output, { maxBufferSize: 2_000_000 }) },
  );
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close']) input.once(event, () => resolve());
  }).then(() => worker.close());
  return { ended };
}
