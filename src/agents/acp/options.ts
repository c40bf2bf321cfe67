import type { NextStep } from '../../core/next-step.ts';
import type { ApprovalsMode } from '../../core/task/approvals-mode.ts';
import type { AgentAdapter } from '../adapters/adapter.ts';
import type { Environment } from '../environment.ts';
import type { Launcher } from '../launcher.ts';
import type { Prices } from '../price.ts';

/** Options for running an agent over the Agent Client Protocol. */
export interface AcpAgentOptions {
  readonly name: string;
  readonly title: string;
  /** Absolute path of the program. */
  readonly command: string;
  readonly args: readonly string[];
  /** The complete base environment. */
  readonly env: Environment;
  /** The login steps of a person, for an agent that reports a missing login. */
  readonly login?: readonly NextStep[] | undefined;
  /** The adapter of the agent. Default: none. */
  readonly adapter?: AgentAdapter | undefined;
  /** The decider of the agent's requests, for tasks without their own. Default: the agent asks. */
  readonly approvals?: ApprovalsMode | undefined;
  /** Starts the agent's process. */
  readonly launcher: Launcher;
  /** Milliseconds until the agent must accept its first prompt. Default: 120,000. Prompts have no time limit. */
  readonly startTimeoutMs?: number | undefined;
  /** Prices by model, for an agent that reports no cost. */
  readonly prices?: Prices | undefined;
  /** Grace period of a cancelled turn in milliseconds, before its processes are ended. Default: 5,000. */
  readonly cancelGraceMs?: number | undefined;
}
