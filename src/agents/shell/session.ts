import type { AgentRequest, AgentSession } from '../../core/agent/port.ts';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { AgentEnd, TurnOutcome } from '../../core/task/turn.ts';
import type { GuardedClient } from '../guarded-client.ts';
import type { Launcher } from '../launcher.ts';
import { pumpLines } from '../output-pump.ts';
import type { ProcessGroup } from '../process-group.ts';
import { StderrTail } from '../stderr-tail.ts';
import { type Interpreter, writeScript } from './interpreter.ts';
import { scriptOutcome } from './outcome.ts';
import { ScriptOutput } from './output.ts';

/** The parts of a session. */
export interface ShellSessionParts {
  readonly id: string;
  /** The agent's name. */
  readonly agent: string;
  readonly launcher: Launcher;
  readonly request: AgentRequest;
  readonly env: Record<string, string>;
  readonly interpreter: Interpreter;
  readonly client: GuardedClient;
}

/** One execution of one script. It accepts one prompt. */
export class ShellSession implements AgentSession {
  readonly id: string;
  readonly followUps = false;
  readonly resumed = false;
  readonly ended: Promise<AgentEnd>;
  private readonly parts: ShellSessionParts;
  private readonly stderr = new StderrTail();
  private group: ProcessGroup | undefined;
  private running: Promise<TurnOutcome> | undefined;
  private cancelled = false;
  private end: (end: AgentEnd) => void = () => {};

  constructor(parts: ShellSessionParts) {
    this.parts = parts;
    this.id = parts.id;
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
      const next = [operationStep('Restart the task', 'task.restart', { tasks: [this.parts.request.taskId] })];
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
    const { agent, launcher, request, env, interpreter } = this.parts;
    const script = await writeScript(text, interpreter);
    try {
      if (this.cancelled) return this.notStarted();
      this.group = await launcher.start({
        agent,
        command: interpreter.path,
        args: [...interpreter.args, script.path],
        cwd: request.cwd,
        env,
        stdin: 'ignore',
        taskId: request.taskId,
      });
      // Cancelled while it was being started: `cancel` found no group to end.
      if (this.cancelled) void this.group.end();
      return await this.follow(this.group);
    } finally {
      await script.remove();
    }
  }

  private async follow(group: ProcessGroup): Promise<TurnOutcome> {
    const { client, interpreter } = this.parts;
    const message = `Started ${interpreter.name} (process ${group.pid}).`;
    await client.log({ type: 'system', level: 'debug', message, metadata: { pid: group.pid } });
    const output = new ScriptOutput(client, this.stderr);
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
      await client.log({ type: 'system', level: 'warn', message: `Ended ${count} that the script left running.` });
    }
    return scriptOutcome(end, this.cancelled, this.stderr, client.redact);
  }

  private notStarted(): TurnOutcome {
    this.end({});
    return { kind: 'cancelled', stopReason: 'cancelled' };
  }
}
