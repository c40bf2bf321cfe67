import { connect, type Socket } from 'node:net';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { answerSchema, MAX_LINE, type ToolAnswer } from '../../runtime/agent-tools/protocol.ts';
import { LineReader } from '../../runtime/sockets/line-reader.ts';

/** Calls the worker on its socket. One connection serves all calls; a lost one is opened again. */
export class WorkerClient {
  private readonly path: string;
  private readonly token: string;
  private readonly open = new Map<number, (answer: ToolAnswer | undefined) => void>();
  private socket: Socket | undefined;
  private last = 0;

  constructor(path: string, token: string) {
    this.path = path;
    this.token = token;
  }

  /** @throws TaskError `LeaseLost` if the worker has ended */
  async call(tool: string, input: Readonly<Record<string, unknown>>): Promise<ToolAnswer> {
    this.last += 1;
    const id = this.last;
    const socket = this.connected();
    const answer = await new Promise<ToolAnswer | undefined>((resolve) => {
      this.open.set(id, resolve);
      socket.write(`${JSON.stringify({ id, token: this.token, tool, input })}\n`);
    });
    if (answer !== undefined) return answer;
    throw new TaskError('LeaseLost', 'The worker of this run does not answer.', {
      next: [textStep('Continue without the tool.')],
    });
  }

  close(): void {
    this.socket?.destroy();
  }

  private connected(): Socket {
    if (this.socket !== undefined) return this.socket;
    const socket = connect(this.path);
    this.socket = socket;
    const reader = new LineReader((line) => {
      if (!this.take(line)) socket.destroy();
    }, MAX_LINE);
    socket.on('data', (chunk: Buffer) => {
      if (!reader.push(chunk)) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.socket = undefined;
      for (const resolve of this.open.values()) resolve(undefined);
      this.open.clear();
    });
    return socket;
  }

  /** False for a line that is no answer: the connection cannot continue. */
  private take(line: string): boolean {
    const answer = answerIn(line);
    if (answer === undefined) return false;
    this.open.get(answer.id)?.(answer);
    this.open.delete(answer.id);
    return true;
  }
}

function answerIn(line: string): ToolAnswer | undefined {
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
