import { PassThrough } from 'node:stream';
import type { TestContext } from 'node:test';
import { Client, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/client';
import { TaskScope } from '../../src/mcp/scope.ts';
import { serveTasks } from '../../src/mcp/serve-stdio.ts';
import { personGroups, type ToolGroup } from '../../src/mcp/tools/groups.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { type Bench, type BenchOptions, bench } from '../operations/context.ts';

/** The two generations of the protocol. */
export const generations = ['2025-11-25', '2026-07-28'] as const;
export type Generation = (typeof generations)[number];

type Answer = 'accept' | 'decline';

interface ConnectOptions {
  readonly generation?: Generation;
  readonly groups?: readonly ToolGroup[];
  /** Serves this task and its parts only. */
  readonly task?: string;
  /** Another context in place of the one of the bench. */
  readonly on?: OperationContext;
  /** The answers of the person; without it, the client cannot ask. */
  readonly answers?: (message: string) => Answer | Promise<Answer>;
}

/** A server on the two ends of a pipe. */
export interface Pipe {
  readonly toServer: PassThrough;
  readonly fromServer: PassThrough;
}

export interface McpBench extends Bench {
  /** A server without a client. */
  serve(groups?: readonly ToolGroup[]): Pipe;
  /** The client of the official library, connected to a server of its own. */
  connect(options?: ConnectOptions): Promise<Client>;
}

export async function mcpBench(context: TestContext, options: BenchOptions = {}): Promise<McpBench> {
  const made = await bench(context, options);
  const serve = (groups: readonly ToolGroup[] = personGroups()): Pipe => servePipe(context, made, groups);
  return {
    ...made,
    serve,
    async connect({ generation = '2026-07-28', groups = personGroups(), task, on = made, answers } = {}) {
      const scope = task === undefined ? undefined : new TaskScope(on.store, task);
      const pipe = servePipe(context, on, groups, scope);
      const client = new Client(
        { name: 'test', version: '1' },
        {
          capabilities: answers === undefined ? {} : { elicitation: { form: {} } },
          ...(generation === '2026-07-28' ? { versionNegotiation: { mode: { pin: generation } } } : {}),
        },
      );
      if (answers !== undefined) {
        client.setRequestHandler('elicitation/create', async ({ params: { message } }) => {
          const action = await answers(message);
          return action === 'accept' ? { action, content: {} } : { action };
        });
      }
      await client.connect(transportOf(pipe));
      context.after(() => client.close());
      return client;
    },
  };
}

export function servePipe(
  context: TestContext,
  on: OperationContext,
  groups: readonly ToolGroup[],
  scope?: TaskScope,
): Pipe {
  const pipe = { toServer: new PassThrough(), fromServer: new PassThrough() };
  const server = serveTasks(on, { input: pipe.toServer, output: pipe.fromServer, groups, version: '1', scope });
  context.after(() => server.close());
  return pipe;
}

/** One JSON message a line, as a client of standard streams sends them. */
function transportOf({ toServer, fromServer }: Pipe): Transport {
  let rest = '';
  const transport: Transport = {
    async start() {
      fromServer.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) transport.onmessage?.(JSON.parse(line) as JSONRPCMessage);
      });
    },
    async send(message) {
      toServer.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      toServer.end();
      transport.onclose?.();
    },
  };
  return transport;
}

/** The structured result of a call that succeeded. */
export async function call<T = Record<string, unknown>>(
  client: Client,
  name: string,
  input: Record<string, unknown> = {},
): Promise<T> {
  const result = await client.callTool({ name, arguments: input });
  if (result.isError === true) throw new Error(JSON.stringify(result.structuredContent));
  return result.structuredContent as T;
}

interface Refusal {
  code: string;
  message: string;
  next: unknown[];
}

/** The error of a call that failed. */
export async function refusal(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Refusal> {
  const result = await client.callTool({ name, arguments: input });
  if (result.isError !== true) throw new Error(`${name} was not refused: ${JSON.stringify(result.structuredContent)}`);
  return (result.structuredContent as { error: Refusal }).error;
}
