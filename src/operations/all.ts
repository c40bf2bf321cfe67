import { agents } from './agents.ts';
import { doctor } from './doctor.ts';
import { gc } from './gc.ts';
import { metrics } from './metrics.ts';
import type { Operation } from './operation.ts';
import { queueConfirm } from './queue-confirm.ts';
import { queuePause } from './queue-pause.ts';
import { queuePlay } from './queue-play.ts';
import { queueStatus } from './queue-status.ts';
import { status } from './status.ts';
import { taskAnalyze } from './task-analyze.ts';
import { taskAnswer } from './task-answer.ts';
import { taskApprove } from './task-approve.ts';
import { taskArchive } from './task-archive.ts';
import { taskCancel } from './task-cancel.ts';
import { taskCheckpoint } from './task-checkpoint.ts';
import { taskCheckpoints } from './task-checkpoints.ts';
import { taskCompare } from './task-compare.ts';
import { taskComplete } from './task-complete.ts';
import { taskCreate } from './task-create.ts';
import { taskDelete } from './task-delete.ts';
import { taskDiff } from './task-diff.ts';
import { taskDiscard } from './task-discard.ts';
import { taskFollowUp } from './task-follow-up.ts';
import { taskGraph } from './task-graph.ts';
import { taskList } from './task-list.ts';
import { taskLogs } from './task-logs.ts';
import { taskMerge } from './task-merge.ts';
import { taskPause } from './task-pause.ts';
import { taskReject } from './task-reject.ts';
import { taskRemoveDependency } from './task-remove-dependency.ts';
import { taskRestart } from './task-restart.ts';
import { taskRestore } from './task-restore.ts';
import { taskResume } from './task-resume.ts';
import { taskRule } from './task-rule.ts';
import { taskShow } from './task-show.ts';
import { taskStart } from './task-start.ts';
import { taskUnarchive } from './task-unarchive.ts';
import { taskUpdate } from './task-update.ts';
import { taskUsage } from './task-usage.ts';
import { taskValidateDependencies } from './task-validate-dependencies.ts';
import { worktrees } from './worktrees.ts';

/**
 * Every use case, for faces that offer all of them. Their inputs differ, so what they have in common is an operation
 * whose input must be checked before it runs: `runOperation`.
 */
export const operations: readonly Operation[] = [
  taskCreate,
  taskList,
  taskShow,
  taskStart,
  taskPause,
  taskResume,
  taskCancel,
  taskComplete,
  taskRestart,
  taskDelete,
  taskLogs,
  taskUsage,
  taskDiff,
  taskMerge,
  taskDiscard,
  worktrees,
  taskCheckpoint,
  taskCheckpoints,
  taskRestore,
  taskApprove,
  taskRule,
  taskReject,
  taskAnswer,
  taskFollowUp,
  taskUpdate,
  taskRemoveDependency,
  taskValidateDependencies,
  taskGraph,
  taskAnalyze,
  taskCompare,
  taskArchive,
  taskUnarchive,
  queuePlay,
  queuePause,
  queueStatus,
  queueConfirm,
  metrics,
  agents,
  status,
  gc,
  doctor,
];
