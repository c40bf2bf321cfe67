import type { AgentCatalog } from '../../core/agent/catalog.ts';
import type { AgentClient, AgentSession } from '../../core/agent/port.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import type { CheckResult, TaskRecord } from '../../core/task/schema.ts';

/** Characters of a check's output that are recorded and sent to the agent: failures are at its end. */
const OUTPUT_CHARS = 6_000;

export interface CheckOptions {
  readonly agents: AgentCatalog;
  readonly task: TaskRecord;
  readonly commands: readonly string[];
  /** Absolute folder of the work. */
  readonly cwd: string;
  readonly log: (entry: LogDraft) => void | PromiseLike<void>;
  /** Receives the session of the running check, so that it can be cancelled; undefined after its end. */
  readonly running: (session: AgentSession | undefined) => void;
  /** False once the task is no longer this run's. */
  readonly isActive: () => boolean;
}

/**
 * Runs the check commands of a task one after the other, as the shell agent runs scripts, so that the same sandbox, limits
 * and redaction apply. All run, so that the agent learns of all failures at once.
 *
 * @returns undefined if the task was cancelled meanwhile
 * @throws TaskError if this machine has no shell
 */
export async function runChecks(options: CheckOptions): Promise<CheckResult[] | undefined> {
  const results: CheckResult[] = [];
  for (const command of options.commands) {
    if (!options.isActive()) return undefined;
    const result = await runCheck(command, options);
    if (!options.isActive()) return undefined;
    await options.log({
      type: 'system',
      level: result.passed ? 'info' : 'warn',
      message: `Check ${result.passed ? 'passed' : 'failed'}: ${command}`,
      metadata: { source: 'check', exitCode: result.exit_code, ms: result.ms },
    });
    results.push(result);
  }
  return results;
}

async function runCheck(command: string, { agents, task, cwd, log, running }: CheckOptions): Promise<CheckResult> {
  const began = performance.now();
  const at = new Date().toISOString();
  let output = '';
  const client: AgentClient = {
    log(entry) {
      if (entry.type === 'output') output = `${output}${entry.message}\n`.slice(-OUTPUT_CHARS);
      return log({ ...entry, metadata: { ...entry.metadata, check: command } });
    },
    usage: () => {},
    progress: () => {},
    permission: () => Promise.resolve({ approved: false, scope: 'once' }),
  };
  const session = await agents.get('SHELL').open({ taskId: task.id, title: task.title, cwd }, client);
  running(session);
  try {
    const outcome = await session.prompt(command);
    const { exitCode, signal } = outcome.end ?? {};
    return {
      command,
      at,
      ms: Math.round(performance.now() - began),
      passed: outcome.kind === 'completed',
      ...(exitCode === undefined ? {} : { exit_code: exitCode }),
      ...(signal === undefined ? {} : { signal }),
      output: output.trimEnd(),
    };
  } finally {
    running(undefined);
    await session.close();
  }
}
