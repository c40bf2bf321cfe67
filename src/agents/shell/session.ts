import type { AgentRequest, AgentSession } from '../../core/agent/port.ts';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { AgentEnd, TurnOutcome } from '../../core/task/turn.ts';
import type { GuardedClient } from '../guarded-client.ts';
import { pumpLines } from '../output-pump.ts';
import { type ProcessGroup, startProcessGroup } from '../process-group.ts';
import { StderrTail } from '../stderr-tail.ts';
import { type Interpreter, writeScript } from './interpreter.ts';
import { scriptOutcome } from './outcome.ts';
import { ScriptOutput } from './output.ts';

/** One execution of one script. It accepts one prompt. */
export class ShellSession implements AgentSession {
  readonly id: string;
  readonly followUps = false;
  readonly resumed = false;
  readonly ended: Promise<AgentEnd>;
  private readonly request: AgentRequest;
  private readonly env: Record<string, string>;
  private readonly interpreter: Interpreter;
  private readonly client: GuardedClient;
  private readonly stderr = new StderrTail();
  private group: ProcessGroup | undefined;
  private running: Promise<TurnOutcome> | undefined;
  private cancelled = false;
  private end: (end: AgentEnd) => void = () => {};

  constructor(
    id: string,
    request: AgentRequest,
    env: Record<string, string>,
    interpreter: Interpreter,
    client: GuardedClient,
  ) {
    this.id = id;
    this.request = request;
    this.env = env;
    this.interpreter = interpreter;
    this.client = client;
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  get pid(): number | undefined {
    return this.group?.pid;
  }

  prompt(text: string): Promise<TurnOutcome> {
    if (this.running !== undefined) {
      const error = 'A script runs once; it cannot be sent another prompt.';
      const next = [operationStep('Restart the task', 'task.restart', { tasks: [this.request.taskId] })];
      return Promise.resolve({ kind: 'failed', stopReason: 'closed', error, errorCode: 'SessionClosed', next });
    }
    this.running = this.run(text).catch((error: unknown) => {
      const { message, code, next } = TaskError.from(error);
      this.end({});
      return { kind: 'failed', stopReason: 'not_started', error: message, errorCode: code, next };
    });
    return this.running;
  }

  async cancel(): Promise<void> {
    this.cancelled = true;
    await this.group?.end();
    await this.running;
  }

  async close(): Promise<void> {
    if (this.running === undefined) {
      this.running = Promise.resolve({ kind: 'cancelled', stopReason: 'closed' });
      this.end({});
    }
    await this.cancel();
  }

  private async run(text: string): Promise<TurnOutcome> {
    const script = await writeScript(text, this.interpreter);
    try {
      if (this.cancelled) return this.notStarted();
      this.group = await startProcessGroup({
        command: this.interpreter.path,
        args: [...this.interpreter.args, script.path],
        cwd: this.request.cwd,
        env: this.env,
        stdin: 'ignore',
        taskId: this.request.taskId,
      });
      // Cancelled while it was being started: `cancel` found no group to end.
      if (this.cancelled) void this.group.end();
      return await this.follow(this.group);
    } finally {
      await script.remove();
    }
  }

  private async follow(group: ProcessGroup): Promise<TurnOutcome> {
    const message = `Started ${this.interpreter.name} (process ${group.pid}).`;
    await this.client.log({ type: 'system', level: 'debug', message, metadata: { pid: group.pid } });
    const output = new ScriptOutput(this.client, this.stderr);
    const [end, left] = await Promise.all([
      group.exited,
      group.gone,
      pumpLines(group.stdout, group.gone, (part) => output.stdout(part)),
      pumpLines(group.stderr, group.gone, (part) => output.stderr(part)),
    ]);
    this.end(end);
    // The count includes the script if it was ended. Only leftovers of a script that exited on its own are worth logging.
    if (!this.cancelled && left.ended > 0 && end.signal === undefined) {
      const count = left.ended === 1 ? 'a process' : `${left.ended} processes`;
      await this.client.log({ type: 'system', level: 'warn', message: `Ended ${count} that the script left running.` });
    }
    return scriptOutcome(end, this.cancelled, this.stderr, this.client.redact);
  }

  private notStarted(): TurnOutcome {
    this.end({});
    return { kind: 'cancelled', stopReason: 'cancelled' };
  }
}
