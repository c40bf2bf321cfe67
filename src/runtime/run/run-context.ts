import type { AgentCatalog } from '../../core/agent/catalog.ts';
import type { Logger } from '../../core/logger.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { AgentToolsDesk } from '../agent-tools/desk.ts';
import type { ApprovalsDesk } from '../approvals/approvals-desk.ts';
import type { DayBudget } from '../budget/day-budget.ts';
import type { Outage } from '../liveness/outage.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import type { Worktrees } from './worktrees.ts';

/** The worker as its runs see it. */
export interface RunContext {
  readonly store: TaskStore;
  readonly agents: AgentCatalog;
  readonly desk: ApprovalsDesk;
  readonly logger: Logger;
  /** The worker's id, as in the lease. */
  readonly worker: string;
  /** Milliseconds that an open session waits for a follow-up. */
  readonly sessionIdleMs: () => number;
  readonly worktrees: Worktrees;
  readonly outage: Outage;
  readonly settings: LiveSettings;
  readonly day?: DayBudget | undefined;
  /** Gives agents the tools for their own task; undefined for a worker that cannot. */
  readonly tools?: Pick<AgentToolsDesk, 'grant'> | undefined;
  /** Whether the queue plays. */
  readonly isPlaying: () => boolean;
  /** True if the agent has as many running tasks as the settings allow, without this one. */
  readonly isFull: (tasks: Pick<StoreView, 'leased'>, agent: string, without: string) => boolean;
}

/** The task and session of an execution. */
export interface RunPlan {
  /** The task as it was when the execution began. */
  readonly task: TaskRecord;
  readonly executionId: string;
  /** Session of an interrupted execution to resume. */
  readonly resume: string | undefined;
}
