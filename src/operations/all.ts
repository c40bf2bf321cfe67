import { agents } from './agent/agents.ts';
import { taskAnswer } from './approval/answer.ts';
import { taskApprove } from './approval/approve.ts';
import { taskReject } from './approval/reject.ts';
import { taskRule } from './approval/rule.ts';
import { taskCheckpoint } from './checkpoint/checkpoint.ts';
import { taskCheckpoints } from './checkpoint/checkpoints.ts';
import { taskRestore } from './checkpoint/restore.ts';
import { taskGraph } from './graph/graph.ts';
import { taskRemoveDependency } from './graph/remove-dependency.ts';
import { taskValidateDependencies } from './graph/validate-dependencies.ts';
import { taskAnalyze } from './metrics/analyze.ts';
import { taskCompare } from './metrics/compare.ts';
import { metrics } from './metrics/metrics.ts';
import { taskUsage } from './metrics/usage.ts';
import type { Operation } from './operation.ts';
import { queueConfirm } from './queue/confirm.ts';
import { queuePause } from './queue/pause.ts';
import { queuePlay } from './queue/play.ts';
import { queueStatus } from './queue/status.ts';
import { taskDiff } from './review/diff.ts';
import { taskDiscard } from './review/discard.ts';
import { taskMerge } from './review/merge.ts';
import { worktrees } from './review/worktrees.ts';
import { taskArchive } from './store/archive.ts';
import { doctor } from './store/doctor.ts';
import { gc } from './store/gc.ts';
import { status } from './store/status.ts';
import { taskUnarchive } from './store/unarchive.ts';
import { taskCancel } from './task/cancel.ts';
import { taskComplete } from './task/complete.ts';
import { taskCreate } from './task/create.ts';
import { taskDelete } from './task/delete.ts';
import { taskFollowUp } from './task/follow-up.ts';
import { taskList } from './task/list.ts';
import { taskLogs } from './task/logs.ts';
import { taskPause } from './task/pause.ts';
import { taskRestart } from './task/restart.ts';
import { taskResume } from './task/resume.ts';
import { taskShow } from './task/show.ts';
import { taskStart } from './task/start.ts';
import { taskUpdate } from './task/update.ts';

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
