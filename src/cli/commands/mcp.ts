import { readFileSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import { suggestions, textStep } from '../../core/next-step.ts';
import type { Host } from '../../host.ts';
import type { Offer } from '../../mcp/task-server.ts';
import type { Command, Invocation } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { integerFlag, switchFlag, textFlag } from '../flags.ts';
import { streamOf } from '../terminal/sink.ts';
import { productVersion } from '../version.ts';

const sets = ['person', 'all', 'agent'] as const;

/** Started by an MCP client, which speaks to it on its standard streams. */
export const command: Command = {
  details: `The client starts this command itself: add it to the client's configuration.
Tools: person has a few tools that cover everyday work, all has every operation. A worker gives the set
agent to each agent for its own task.`,
  examples: [
    { words: 'mcp', description: 'serve the tasks of this folder' },
    { words: 'mcp --tools all', description: 'offer every operation as a tool' },
    { words: 'mcp --task 12', description: 'serve one task and its parts' },
    { words: 'mcp --http --port 7801', description: 'serve clients that need HTTP' },
  ],
  flags: [
    { ...textFlag('tools', 'Offered tools. Default: person.', 'set'), choices: [...sets] },
    textFlag('task', 'Serve only this task and its parts.', 'task'),
    switchFlag('http', 'Serve over HTTP on this machine, with a token, until Ctrl-C.'),
    integerFlag('port', 'Port for --http. Default: a free one.'),
  ],
  positional: [],
  json: 'the messages of the protocol',
  reads: false,
  follows: true,
  run: serve,
};

async function serve(call: Invocation): Promise<ExitCode> {
  const { tools = 'person', task } = call.values;
  if (tools === 'agent') return serveOwnTask(call);
  if (tools !== 'person' && tools !== 'all') {
    throw new TaskError('InvalidInput', `There is no set of tools "${String(tools)}".`, {
      next: [...suggestions(String(tools), sets), textStep(`The sets are ${sets.join(', ')}.`)],
    });
  }
  const signal = call.interrupted();
  const host = await call.host();
  const { allGroups, personGroups } = await import('../../mcp/tools/groups.ts');
  const { TaskScope } = await import('../../mcp/scope.ts');
  const offer = {
    groups: tools === 'all' ? allGroups() : personGroups(),
    version: productVersion(readFileSync),
    scope: typeof task === 'string' ? new TaskScope(host.store, task) : undefined,
  };
  if (call.values.http === true) return serveOverHttp(call, host, offer, signal);
  const { serveTasks } = await import('../../mcp/serve-stdio.ts');
  const server = serveTasks(host, { ...offer, input: process.stdin, output: streamOf(process, 'stdout') });
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([server.ended, stopped]);
  await server.close();
  return exitCodes.done;
}

/** Started by an agent: it opens no store. */
async function serveOwnTask(call: Invocation): Promise<ExitCode> {
  if (call.values.task !== undefined) {
    throw new TaskError('InvalidInput', 'The set agent serves the task of its run.', {
      next: [textStep('Leave out --task, or choose the set person or all.')],
    });
  }
  const signal = call.interrupted();
  const { serveAgent } = await import('../../mcp/agent/serve.ts');
  const { stdin: input, env } = process;
  const output = streamOf(process, 'stdout');
  const { ended } = serveAgent({ input, output, env, version: productVersion(readFileSync) });
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([ended, stopped]);
  // The socket of a call that waits would keep the process.
  process.stdin.destroy();
  return exitCodes.done;
}

async function serveOverHttp(
  { out, json, values }: Invocation,
  host: Host,
  offer: Offer,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { port = 0 } = values;
  if (typeof port !== 'number' || port < 0 || port > 65_535) {
    throw new TaskError('InvalidInput', '--port must be between 0 and 65535.');
  }
  const { serveHttp } = await import('../../mcp/serve-http.ts');
  const server = await serveHttp(host, { ...offer, port });
  const { url, token } = server;
  if (json) out.jsonLine({ url, token });
  else out.print(`${url}\nAuthorization: Bearer ${token}\nCtrl-C stops it.`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await server.close();
  return exitCodes.done;
}
