import { spawn } from 'node:child_process';
import { RUN_MARKER, runMarker } from '../../core/agent/run-marker.ts';
import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { compileRedaction, secretsOf } from '../../core/text/redact.ts';
import type { TaskStore } from '../../store/task-store.ts';

const LIMIT_MS = 30 * 60_000;
/** The log keeps the last part of a longer output. */
const MOST_OUTPUT = 64 * 1024;

interface SetUp {
  readonly command: string;
  readonly cwd: string;
  readonly limitMs?: number;
}

/**
 * Runs the set-up command of the settings in a new worktree, with the shell of the system. Its output goes to the
 * task's log. It ends with the task's lease, or after 30 minutes.
 *
 * @throws TaskError `WorktreeUnavailable` if it fails or times out
 */
export async function runSetup(
  store: TaskStore,
  task: TaskRecord,
  { command, cwd, limitMs = LIMIT_MS }: SetUp,
): Promise<void> {
  await store.addLog(task.id, `Set-up of the worktree: ${command}`, 'info', { source: 'worktree' });
  const redact = compileRedaction(secretsOf(process.env));
  const { output, end } = await execute(store, task, { command, cwd, limitMs });
  if (output.trim() !== '') {
    await store.addLog(task.id, redact(output.trimEnd()), end === undefined ? 'info' : 'warn', { source: 'setup' });
  }
  if (end === undefined) return;
  throw new TaskError('WorktreeUnavailable', `The set-up command of worktrees ${end}: ${command}`, {
    next: [
      textStep('Its output is in the log. Fix the command (worktrees.setup in config.json).'),
      operationStep('Restart the task', 'task.restart', { tasks: [task.number] }),
    ],
  });
}

/** `end` is undefined for success, else a clause. */
function execute(
  store: TaskStore,
  task: TaskRecord,
  { command, cwd, limitMs }: Required<SetUp>,
): Promise<{ output: string; end: string | undefined }> {
  return new Promise((resolve) => {
    const marker = runMarker(task.id, 'setup', process.env[RUN_MARKER]);
    const group = process.platform !== 'win32';
    const env = { ...process.env, [RUN_MARKER]: marker };
    const child = spawn(command, { cwd, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'], detached: group });
    let output = '';
    let stopped: string | undefined;
    const stop = (why: string): void => {
      stopped ??= why;
      try {
        if (group && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has already exited.
      }
    };
    const limit = setTimeout(() => stop(`did not end within ${Math.ceil(limitMs / 60_000)} minutes`), limitMs);
    const changes = store.on('task:updated', ({ taskId }) => {
      if (taskId === task.id && store.view.byId(task.id)?.status === 'cancelled') stop('was stopped with the task');
    });
    const finish = (end: string | undefined): void => {
      clearTimeout(limit);
      changes.dispose();
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ output, end });
    };
    const collect = (text: string): void => {
      output = (output + text).slice(-MOST_OUTPUT);
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', (error) => finish(`did not start (${error.message})`));
    child.on('exit', (code, signal) => {
      // Background processes of the command keep the pipes open: the output so far is enough.
      setImmediate(() => finish(stopped ?? (code === 0 ? undefined : `ended with ${code ?? signal}`)));
    });
  });
}
