import type { z } from 'zod';
import type { TaskFolder } from './folders/task-folder.ts';
import { library } from './library.ts';

/** The operations that commands use, with their types; the code itself is in the library. */
interface Operations {
  agents: typeof import('../operations/agent/agents.ts').agents;
  'task.create': typeof import('../operations/task/create.ts').taskCreate;
  status: typeof import('../operations/store/status.ts').status;
  'queue.play': typeof import('../operations/queue/play.ts').queuePlay;
  'queue.pause': typeof import('../operations/queue/pause.ts').queuePause;
  'queue.status': typeof import('../operations/queue/status.ts').queueStatus;
  'queue.confirm': typeof import('../operations/queue/confirm.ts').queueConfirm;
  'task.start': typeof import('../operations/task/start.ts').taskStart;
  'task.cancel': typeof import('../operations/task/cancel.ts').taskCancel;
  'task.complete': typeof import('../operations/task/complete.ts').taskComplete;
  'task.update': typeof import('../operations/task/update.ts').taskUpdate;
  'task.resume': typeof import('../operations/task/resume.ts').taskResume;
  'task.restart': typeof import('../operations/task/restart.ts').taskRestart;
  'task.delete': typeof import('../operations/task/delete.ts').taskDelete;
  'task.follow-up': typeof import('../operations/task/follow-up.ts').taskFollowUp;
  'task.diff': typeof import('../operations/review/diff.ts').taskDiff;
  'task.merge': typeof import('../operations/review/merge.ts').taskMerge;
  'task.discard': typeof import('../operations/review/discard.ts').taskDiscard;
  'task.checkpoint': typeof import('../operations/checkpoint/checkpoint.ts').taskCheckpoint;
  'task.checkpoints': typeof import('../operations/checkpoint/checkpoints.ts').taskCheckpoints;
  'task.restore': typeof import('../operations/checkpoint/restore.ts').taskRestore;
  'task.approve': typeof import('../operations/approval/approve.ts').taskApprove;
  'task.rule': typeof import('../operations/approval/rule.ts').taskRule;
  'task.answer': typeof import('../operations/approval/answer.ts').taskAnswer;
  'task.reject': typeof import('../operations/approval/reject.ts').taskReject;
}

type Name = keyof Operations;

/**
 * Runs an operation on the tasks of a folder, which is opened if it is not. The one way in which commands change tasks.
 *
 * @throws TaskError of the store or the operation; `Untrusted` for what may not run in a restricted window
 */
export async function operate<N extends Name>(
  folder: TaskFolder,
  name: N,
  input: z.input<Operations[N]['input']>,
): Promise<z.output<Operations[N]['output']>> {
  const { operations, runOperation } = await library();
  const operation = operations.find((candidate) => candidate.name === name);
  if (operation === undefined) throw new Error(`There is no operation ${name}.`);
  const result = await runOperation(operation, await folder.ready(), input as Record<string, unknown>);
  return result as z.output<Operations[N]['output']>;
}
