import type { z } from 'zod';
import type { StepOptions } from '../core/steps.ts';
import type { Known } from '../core/task/known.ts';
import type { OperationContext, WithTrust } from './context.ts';
import { type Declaration, declarations, type OperationName } from './declarations.ts';
import { type Operation, runOperation } from './operation.ts';

/** Loads the code of each operation on use: a command, a window or a program pays for those that it calls. */
const loaders = {
  'task.create': async () => (await import('./task/create.ts')).taskCreate,
  'task.list': async () => (await import('./task/list.ts')).taskList,
  'task.show': async () => (await import('./task/show.ts')).taskShow,
  'task.start': async () => (await import('./task/start.ts')).taskStart,
  'task.confirm': async () => (await import('./task/confirm.ts')).taskConfirm,
  inbox: async () => (await import('./approval/inbox.ts')).inbox,
  'task.logs': async () => (await import('./task/logs.ts')).taskLogs,
  'task.approve': async () => (await import('./approval/approve.ts')).taskApprove,
  'task.rule': async () => (await import('./approval/rule.ts')).taskRule,
  'task.reject': async () => (await import('./approval/reject.ts')).taskReject,
  'task.answer': async () => (await import('./approval/answer.ts')).taskAnswer,
  'task.follow-up': async () => (await import('./task/follow-up.ts')).taskFollowUp,
  'task.pause': async () => (await import('./task/pause.ts')).taskPause,
  'task.resume': async () => (await import('./task/resume.ts')).taskResume,
  'task.usage': async () => (await import('./metrics/usage.ts')).taskUsage,
  'task.diff': async () => (await import('./review/diff.ts')).taskDiff,
  'task.merge': async () => (await import('./review/merge.ts')).taskMerge,
  'task.discard': async () => (await import('./review/discard.ts')).taskDiscard,
  worktrees: async () => (await import('./review/worktrees.ts')).worktrees,
  'task.checkpoint': async () => (await import('./checkpoint/checkpoint.ts')).taskCheckpoint,
  'task.checkpoints': async () => (await import('./checkpoint/checkpoints.ts')).taskCheckpoints,
  'task.restore': async () => (await import('./checkpoint/restore.ts')).taskRestore,
  'task.cancel': async () => (await import('./task/cancel.ts')).taskCancel,
  'task.complete': async () => (await import('./task/complete.ts')).taskComplete,
  'task.restart': async () => (await import('./task/restart.ts')).taskRestart,
  'task.update': async () => (await import('./task/update.ts')).taskUpdate,
  'task.note': async () => (await import('./task/note.ts')).taskNote,
  'task.history': async () => (await import('./task/history.ts')).taskHistory,
  'task.clone': async () => (await import('./task/clone.ts')).taskClone,
  'task.add-dependency': async () => (await import('./graph/add-dependency.ts')).taskAddDependency,
  'task.remove-dependency': async () => (await import('./graph/remove-dependency.ts')).taskRemoveDependency,
  'task.validate-dependencies': async () => (await import('./graph/validate-dependencies.ts')).taskValidateDependencies,
  'task.graph': async () => (await import('./graph/graph.ts')).taskGraph,
  'task.match': async () => (await import('./agent/match.ts')).taskMatch,
  'task.estimate': async () => (await import('./agent/estimate.ts')).taskEstimate,
  'task.analyze': async () => (await import('./metrics/analyze.ts')).taskAnalyze,
  'task.compare': async () => (await import('./metrics/compare.ts')).taskCompare,
  'task.delete': async () => (await import('./task/delete.ts')).taskDelete,
  'task.archive': async () => (await import('./store/archive.ts')).taskArchive,
  'task.unarchive': async () => (await import('./store/unarchive.ts')).taskUnarchive,
  'queue.play': async () => (await import('./queue/play.ts')).queuePlay,
  'queue.pause': async () => (await import('./queue/pause.ts')).queuePause,
  'queue.status': async () => (await import('./queue/status.ts')).queueStatus,
  'template.list': async () => (await import('./template/list.ts')).templateList,
  'template.show': async () => (await import('./template/show.ts')).templateShow,
  'template.apply': async () => (await import('./template/apply.ts')).templateApply,
  'template.new': async () => (await import('./template/new.ts')).templateNew,
  'template.from-task': async () => (await import('./template/from-task.ts')).templateFromTask,
  'task.split': async () => (await import('./teamwork/split.ts')).taskSplit,
  'task.race': async () => (await import('./race/race.ts')).taskRace,
  'task.race.show': async () => (await import('./race/show.ts')).taskRaceShow,
  'task.race.pick': async () => (await import('./race/pick.ts')).taskRacePick,
  'task.race.judge': async () => (await import('./race/judge.ts')).taskRaceJudge,
  'task.merge-parts': async () => (await import('./teamwork/merge-parts.ts')).taskMergeParts,
  'plan.apply': async () => (await import('./plan/apply.ts')).planApply,
  'plan.dismiss': async () => (await import('./plan/dismiss.ts')).planDismiss,
  'plan.from-spec': async () => (await import('./plan/from-spec.ts')).planFromSpec,
  'plan.from-code': async () => (await import('./plan/from-code.ts')).planFromCode,
  import: async () => (await import('./plan/import.ts')).importTasks,
  export: async () => (await import('./plan/export.ts')).exportTasks,
  'project.create': async () => (await import('./project/create.ts')).projectCreate,
  'project.list': async () => (await import('./project/list.ts')).projectList,
  'project.show': async () => (await import('./project/show.ts')).projectShow,
  next: async () => (await import('./queue/next.ts')).next,
  metrics: async () => (await import('./metrics/metrics.ts')).metrics,
  insights: async () => (await import('./insights/insights.ts')).insights,
  agents: async () => (await import('./agent/agents.ts')).agents,
  status: async () => (await import('./store/status.ts')).status,
  gc: async () => (await import('./store/gc.ts')).gc,
  doctor: async () => (await import('./store/doctor.ts')).doctor,
} as const satisfies { readonly [N in OperationName]: () => Promise<Operation<z.ZodObject, z.ZodType, N>> };

type Loaded<N extends OperationName> = Awaited<ReturnType<(typeof loaders)[N]>>;

/** The input of an operation as a caller writes it. */
export type InputOf<N extends OperationName> = z.input<Loaded<N>['input']>;
/** The same after it was checked. */
export type CheckedOf<N extends OperationName> = z.output<Loaded<N>['input']>;

/** The parts of the context that an operation uses. */
export type ContextOf<N extends OperationName> = Parameters<Loaded<N>['run']>[0] & WithTrust;

/** The result of an operation. */
export type OutputOf<N extends OperationName> = Known<z.output<Loaded<N>['output']>>;

/** An operation by its declaration; its code loads with the first call. */
export interface NamedOperation<N extends OperationName> extends Declaration {
  readonly name: N;
  /** The operation with its schemas. */
  load(): Promise<Loaded<N>>;
  /**
   * Checks the input and runs the operation.
   *
   * @throws TaskError `InvalidInput` or `TooLarge` with the wrong key, `Untrusted` in a restricted folder, and the errors
   *   of the operation
   * @example
   * const task = await operations['task.create'].run(host, { title: 'Fix the login test' });
   */
  run(context: ContextOf<N>, input: InputOf<N>, options?: StepOptions): Promise<OutputOf<N>>;
}

/** Every use case by its name, for faces and programs. */
export const operations = Object.fromEntries(
  (Object.keys(loaders) as OperationName[]).map((name) => [name, named(name)]),
) as unknown as { readonly [N in OperationName]: NamedOperation<N> };

function named(name: OperationName): NamedOperation<OperationName> {
  const load = loaders[name] as () => Promise<Operation>;
  return {
    name,
    ...declarations[name],
    load: load as NamedOperation<OperationName>['load'],
    run: async (context, input, options) =>
      (await runOperation(await load(), context as OperationContext, input, options)) as never,
  };
}
