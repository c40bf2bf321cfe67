import { type ChildProcess, spawn } from 'node:child_process';
import type { ChatTool } from '../../../../core/editor-model/wire.ts';
import { contentText, type Fields, fieldsOf, listOf, textOf } from '../../../acp/wire.ts';
import type { Environment } from '../../../environment.ts';
import { JsonRpc, RpcError } from '../json-rpc.ts';
import type { Tool } from './tool.ts';

/** Our own tool asks on the connection with the worker, so that the server needs none. */
const leftOut = new Set(['task_ask']);

/** A server of tools, as `session/new` names it. */
interface ServerEntry {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Environment;
}

/** The tools for the agent's own task, from the server of the worker. */
export class TaskTools {
  readonly tools: readonly Tool[];
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, tools: readonly Tool[]) {
    this.child = child;
    this.tools = tools;
  }

  /** @throws Error if the server cannot be started */
  static async start(entry: unknown, cwd: string, env: Environment): Promise<TaskTools> {
    const server = serverOf(entry);
    if (server === undefined) throw new Error('The server of tools is not described.');
    const child = spawn(server.command, server.args, {
      cwd,
      env: { ...env, ...server.env },
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    failed.catch(() => {});
    const rpc = new JsonRpc(child.stdout, child.stdin, {
      request: async (method) => {
        throw new RpcError(-32601, `Method not found: ${method}`);
      },
    });
    const clientInfo = { name: 'systemprompt-editor-model', version: '1' };
    const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    await Promise.race([failed, rpc.request('initialize', hello)]);
    rpc.notify('notifications/initialized', {});
    const definitions = listOf(fieldsOf(await rpc.request('tools/list', {}))?.tools).flatMap(definitionIn);
    const tools = definitions.filter(({ name }) => !leftOut.has(name));
    return new TaskTools(
      child,
      tools.map((definition) => toolOf(definition, server.name, rpc)),
    );
  }

  close(): void {
    this.child.kill();
  }
}

function toolOf(definition: ChatTool, server: string, rpc: JsonRpc): Tool {
  const { name } = definition;
  return {
    definition,
    async prepare(input) {
      return {
        // Rules recognise the tool by this name, and allow it unless one asks.
        shown: { title: `mcp__${server}__${name}`, kind: 'other' },
        asks: true,
        async run() {
          const result = fieldsOf(await rpc.request('tools/call', { name, arguments: input }));
          const text = listOf(result?.content).map(contentText).join('\n');
          return { text, failed: result?.isError === true };
        },
      };
    },
  };
}

function definitionIn(value: unknown): ChatTool[] {
  const fields = fieldsOf(value);
  const [name, inputSchema] = [textOf(fields?.name), fieldsOf(fields?.inputSchema)];
  if (name === undefined || inputSchema === undefined) return [];
  return [{ name, description: textOf(fields?.description) ?? '', inputSchema }];
}

function serverOf(value: unknown): ServerEntry | undefined {
  const fields = fieldsOf(value);
  const [name, command] = [textOf(fields?.name), textOf(fields?.command)];
  if (fields === undefined || name === undefined || command === undefined) return undefined;
  const args = listOf(fields.args).filter((arg) => typeof arg === 'string');
  return { name, command, args, env: Object.fromEntries(listOf(fields.env).map(variableOf)) };
}

function variableOf(value: unknown): [string, string | undefined] {
  const fields: Fields = fieldsOf(value) ?? {};
  return [textOf(fields.name) ?? '', textOf(fields.value)];
}
