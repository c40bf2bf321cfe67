import { RUN_MARKER, runMarker } from '../../core/agent/run-marker.ts';
import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { compileRedaction, secretsOf } from '../../core/text/redact.ts';
import type { TaskStore } from '../../store/task-store.ts';
import { runShellCommand } from '../shell-command.ts';

const LIMIT_MS = 30 * 60_000;

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
async function execute(
  store: TaskStore,
  task: TaskRecord,
  { command, cwd, limitMs }: Required<SetUp>,
): Promise<{ output: string; end: string | undefined }> {
  const env = { ...process.env, [RUN_MARKER]: runMarker(task.id, 'setup', process.env[RUN_MARKER]) };
  const { done, stop } = runShellCommand({ command, cwd, env, limitMs });
  const changes = store.on('task:updated', ({ taskId }) => {
    if (taskId === task.id && store.view.byId(task.id)?.status === 'cancelled') stop('was stopped with the task');
  });
  return done.finally(() => changes.dispose());
}
