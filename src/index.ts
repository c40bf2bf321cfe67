/**
 * The library: everything that a program needs to use the tasks of a workspace. The editor's extension returns the same
 * from its activation.
 */

export type { AgentCapabilities, AgentCatalog, AgentInfo } from './core/agent/catalog.ts';
export type { AgentMatch, Unfit } from './core/assess/match.ts';
export type { TaskType } from './core/assess/task-type.ts';
export { TaskError } from './core/errors.ts';
export type { Evidence, Insight, InsightKind } from './core/insights/insight.ts';
export type { Bottleneck } from './core/metrics/bottlenecks.ts';
export type { Performance } from './core/metrics/performance.ts';
export type { TaskStats } from './core/metrics/stats.ts';
export type { Progress, StepOptions, Stopped } from './core/steps.ts';
export { agentName } from './core/task/agent-name.ts';
export type { Agents, AITool } from './core/task/agents.ts';
export type { CollaborationMode } from './core/task/collaboration-mode.ts';
export { type CreateTaskParams, createTaskSchema } from './core/task/create.ts';
export type { TaskEvents, TaskView } from './core/task/events.ts';
export { type TaskFilter, taskFilterSchema } from './core/task/filter.ts';
export type { TaskId } from './core/task/id.ts';
export { type LogLevel, type LogMetadata, logEntrySchema, type TaskLogEntry } from './core/task/log-entry.ts';
export {
  type Constraints,
  type Execution,
  type Task,
  type TaskRecord,
  TaskStatus,
  type TaskSummary,
  taskRecordSchema,
  taskStatusSchema,
} from './core/task/schema.ts';
export { type UpdateTaskParams, updateTaskSchema } from './core/task/update.ts';
export type { ExtensionApi } from './extension-api.ts';
export { type Host, type HostOptions, openHost } from './host.ts';
export { AgentMatcher, type AgentRequirements } from './library/agent-matcher.ts';
export { AgentWorkflow, type PhaseResult, type WorkflowPhase, type WorkflowResult } from './library/agent-workflow.ts';
export type { TaskAssessment } from './library/assessed-task.ts';
export { Checkpoints, type TaskCheckpoint } from './library/checkpoints.ts';
export { CodeAnalyzer, type SuggestedTask } from './library/code-analyzer.ts';
export type { StopKind } from './library/collaboration-stop.ts';
export {
  type CollaborationState,
  CollaborativeTask,
  type CollaborativeTaskParams,
  type PauseHandler,
  type PauseReply,
} from './library/collaborative-task.ts';
export type { ContextSource } from './library/context-source.ts';
export { type BusEvent, type BusHandler, EventBus } from './library/event-bus.ts';
export { ExecutionAnalyzer } from './library/execution-analyzer.ts';
export { ResourceConstraints, type ResourceLimits } from './library/resource-constraints.ts';
export {
  type ProjectPlan,
  SpecificationParser,
  type SpecificationPhase,
  type SpecificationTask,
} from './library/specification-parser.ts';
export {
  type ManagedTask,
  type ManagedTaskParams,
  type ManagedTaskQuery,
  type Project,
  TaskManager,
  TaskPriority,
} from './library/task-manager.ts';
export { type MergedResult, type SplitOptions, Teamwork } from './library/teamwork.ts';
export { type InputOf, type NamedOperation, type OutputOf, operations } from './operations/all.ts';
export type { OperationContext } from './operations/context.ts';
export type { Declaration, Effect, OperationName, ToolSet } from './operations/declarations.ts';
export { type Operation, runOperation } from './operations/operation.ts';
export { ErrorRecovery, type RecoveryError, type RecoveryHandler } from './runtime/recovery/recovery.ts';
export { Worker } from './runtime/schedule/worker.ts';
export type { WorkerOptions } from './runtime/schedule/worker-options.ts';
export type { LogEntryPage, LogRange } from './store/logs/range.ts';
export { MemoryRepository } from './store/memory/memory-repository.ts';
export { type PostgresOptions, PostgresRepository } from './store/postgres/postgres-repository.ts';
export type { TaskQuery } from './store/queries/task-query.ts';
export type { OpenOptions } from './store/store.ts';
export { type TaskPage, TaskStore } from './store/task-store.ts';
