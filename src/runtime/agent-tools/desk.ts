import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { OWN_SERVER } from '../../core/agent/own-tools.ts';
import type { ToolServer } from '../../core/agent/port.ts';
import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { LineReader } from '../sockets/line-reader.ts';
import { openPrivateSocket, type PrivateSocket } from '../sockets/private-socket.ts';
import type { AgentCalls } from './calls.ts';
import { callSchema, MAX_LINE, SOCKET_VARIABLE, TOKEN_VARIABLE, type ToolAnswer } from './protocol.ts';

/** Calls of one connection that wait for an answer. */
const MAX_OPEN_CALLS = 50;

type Program = Pick<ToolServer, 'command' | 'args'>;

/** The right of one run to call tools. */
export interface ToolGrant {
  /** The name of the server, which no configuration can predict. */
  readonly server: string;
  /** Opens the tools for a run. */
  open(calls: AgentCalls): Promise<ToolServer>;
  /** Ends the right: later calls of its token are refused. */
  revoke(): void;
}

/**
 * Answers the tool calls of agents on a socket in a private folder. The process that an agent starts forwards calls to
 * it and never opens the store, so that it works in a worktree or a sandbox that sees only the socket.
 */
export class AgentToolsDesk {
  private readonly command: Program;
  private readonly logger: Logger;
  private readonly grants = new Map<string, AgentCalls>();
  private listening: Promise<PrivateSocket> | undefined;

  /** @param command starts the command line in another process */
  constructor(command: Program, logger: Logger) {
    this.command = command;
    this.logger = logger;
  }

  grant(): ToolGrant {
    const token = randomBytes(32).toString('hex');
    const server = `${OWN_SERVER}_${randomBytes(4).toString('hex')}`;
    return {
      server,
      open: async (calls) => {
        const { path } = await this.listen();
        this.grants.set(token, calls);
        const { command, args } = this.command;
        return {
          name: server,
          command,
          args: [...args, 'mcp', '--tools', 'agent'],
          // The editor's program is Electron; the variable makes it a plain Node.
          env: { [SOCKET_VARIABLE]: path, [TOKEN_VARIABLE]: token, ELECTRON_RUN_AS_NODE: '1' },
        };
      },
      revoke: () => void this.grants.delete(token),
    };
  }

  async close(): Promise<void> {
    this.grants.clear();
    const listening = await this.listening?.catch(() => undefined);
    await listening?.close();
  }

  private listen(): Promise<PrivateSocket> {
    this.listening ??= openPrivateSocket('tools', (socket) => this.serve(socket)).catch((error: unknown) => {
      // The next run tries again: a full disk or too many open files need not last.
      this.listening = undefined;
      throw error;
    });
    return this.listening;
  }

  private serve(socket: Socket): void {
    let open = 0;
    const reader = new LineReader((line) => {
      open += 1;
      if (open > MAX_OPEN_CALLS) return void socket.destroy();
      void this.answer(line).then((answer) => {
        open -= 1;
        if (answer === undefined) socket.destroy();
        else if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
      });
    }, MAX_LINE);
    socket.on('data', (chunk: Buffer) => {
      if (!reader.push(chunk)) socket.destroy();
    });
  }

  /** Undefined for a line that is no call. */
  private async answer(line: string): Promise<ToolAnswer | undefined> {
    const call = callIn(line);
    if (call === undefined) return undefined;
    const { id, token, tool, input } = call;
    try {
      const calls = this.grants.get(token);
      if (calls === undefined) throw new TaskError('LeaseLost', 'The run of this agent has ended.');
      return { id, result: await calls.call(tool, input) };
    } catch (thrown) {
      const { code, message, next } = TaskError.from(thrown);
      if (code === 'Internal') this.logger.error(`A tool call of an agent failed: ${message}`, thrown);
      return { id, error: { code, message, next: [...next] } };
    }
  }
}

function callIn(line: string): ReturnType<typeof callSchema.parse> | undefined {
  try {
    return callSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
