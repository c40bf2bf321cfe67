import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import {
  addCheckpoint,
  CHECKPOINTS_KEPT,
  checkpointRef,
  latestCheckpoint,
  nextCheckpoint,
  sessionOf,
} from '../../core/task/checkpoint.ts';
import type { Checkpoint } from '../../core/task/checkpoint-schema.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Git } from '../worktrees/git.ts';
import { pushCheckpoint } from '../worktrees/push-checkpoint.ts';
import type { WorktreeContext } from '../worktrees/review.ts';
import { snapshot } from '../worktrees/snapshot.ts';
import { FOLDER_TRAILER, folderMark } from './orphans.ts';
import { placeOf } from './place.ts';
import { releaseCheckpoints } from './stray.ts';

export interface CheckpointRequest {
  readonly kind: Checkpoint['kind'];
  readonly message: string;
  /** Creates none if no file differs from the latest checkpoint, or from the base of the task without one. */
  readonly onlyIfChanged?: boolean;
  /** Number of a checkpoint that is not pruned for this one. */
  readonly spare?: number;
}

/** A commit is given in place of the files' tree where it is known already. */
interface Files {
  readonly git: Git;
  readonly tree: string;
}

/** Saves the state of a task: its files as a commit under its own ref, and the position in its conversation. May be
 * called while an agent works. First the commit, then its ref, then the record: a crash never leaves half a checkpoint.
 *
 * @throws TaskError `NothingToCheckpoint` when there are neither files that git could keep nor a conversation
 */
export async function createCheckpoint(
  context: WorktreeContext,
  task: TaskRecord,
  request: CheckpointRequest,
): Promise<Checkpoint | undefined> {
  const place = await placeOf(context, task);
  if (!('reason' in place)) {
    const files = { git: place.git, tree: await snapshot(place.git, place.except) };
    return keepCheckpoint(context, task, request, files);
  }
  if (request.onlyIfChanged === true) return undefined;
  if (sessionOf(task) === undefined) {
    throw new TaskError('NothingToCheckpoint', `There is nothing of #${task.number} to keep: ${place.reason}.`, {
      next: [textStep('Start the task first. Its files need a git repository.')],
    });
  }
  return keepCheckpoint(context, task, request, undefined);
}

/** Like {@link createCheckpoint}, with files that were read already. */
export async function keepCheckpoint(
  context: WorktreeContext,
  task: TaskRecord,
  request: CheckpointRequest,
  files: Files | undefined,
): Promise<Checkpoint | undefined> {
  const before = latestCommit(task);
  if (files !== undefined && request.onlyIfChanged === true) {
    const known = before ?? task.workspace?.base_commit ?? 'HEAD';
    const same = await files.git.try(['rev-parse', '--verify', '--quiet', `${known}^{tree}`]);
    if (same.stdout.trim() === files.tree) return undefined;
  }
  const kept = files === undefined ? undefined : await commitFiles(context, files, task, request.message);
  const { next: position } = await context.store.getLogs(task.id, { limit: 1 });
  const { made, pruned } = await context.store.transact('task.checkpoint', (draft) => {
    const current = draft.require(task.id);
    const session = sessionOf(current);
    const tokens = current.usage?.total_tokens;
    const checkpoint: Checkpoint = {
      number: kept?.number ?? nextCheckpoint(current),
      at: draft.at,
      kind: request.kind,
      message: request.message,
      ...(kept === undefined ? {} : { commit: kept.commit }),
      ...(session === undefined ? {} : { session_id: session }),
      ...(current.progress === undefined ? {} : { progress: current.progress }),
      ...(tokens === undefined ? {} : { total_tokens: tokens }),
      log_position: position,
    };
    const keep = context.settings.checkpoints?.keep ?? CHECKPOINTS_KEPT;
    const added = addCheckpoint(current, checkpoint, keep, request.spare);
    draft.patch(task.id, added.patch);
    const what = files === undefined ? ' of the conversation alone' : '';
    const message = `Checkpoint ${checkpoint.number}${what} (${checkpoint.kind}): ${checkpoint.message}`;
    draft.log(task.id, { message, metadata: { source: 'checkpoint', checkpoint: checkpoint.number } });
    return { made: checkpoint, pruned: added.pruned };
  });
  if (files !== undefined) await releaseCheckpoints(context, files.git, task.id, pruned);
  if (files !== undefined && kept !== undefined) await pushCheckpoint(context, files.git, task, kept.number);
  return made;
}

async function commitFiles(
  { store }: WorktreeContext,
  { git, tree }: Files,
  task: TaskRecord,
  message: string,
): Promise<{ number: number; commit: string }> {
  const author = await git.withAuthor();
  const head = await git.commit('HEAD');
  const parents = head === undefined ? [] : ['-p', head];
  const words = `${message}\n\nSystemPrompt-Task: ${task.id}\n${FOLDER_TRAILER}: ${await folderMark(store.folder)}\n`;
  const commit = await author.text(['commit-tree', tree, ...parents, '-F', '-'], words);
  // The ref is the claim to the number: git creates it only if it does not exist, even with concurrent callers.
  for (let number = nextCheckpoint(task); ; number += 1) {
    const ref = checkpointRef(task.id, number);
    if ((await git.commit(ref)) !== undefined) continue;
    const made = await git.try(['update-ref', ref, commit, '']);
    if (made.code === 0) return { number, commit };
    if ((await git.commit(ref)) !== undefined) continue;
    throw new TaskError('GitFailed', `git update-ref failed: ${made.stderr.trim()}`, {
      next: [textStep('Fix what git reports, and try again. Nothing of the task was changed.')],
    });
  }
}

function latestCommit(task: TaskRecord): string | undefined {
  const withFiles = (task.checkpoints ?? []).filter(({ commit }) => commit !== undefined);
  return latestCheckpoint({ checkpoints: withFiles })?.commit;
}
