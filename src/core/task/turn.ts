import type { NextStep } from '../next-step.ts';
import type { Usage } from './schema.ts';

/** The end of an agent's process. */
export interface AgentEnd {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
}

/** The end of a turn. `usage` is the spend of the session since `open`, as the last call of `AgentClient.usage` reported it. */
export type TurnOutcome =
  | {
      readonly kind: 'completed';
      readonly stopReason: string;
      readonly result?: unknown;
      readonly usage?: Usage;
      readonly end?: AgentEnd;
    }
  | { readonly kind: 'cancelled'; readonly stopReason: string; readonly usage?: Usage; readonly end?: AgentEnd }
  /** It was cut off from outside, and continues when the agent can run again. */
  | {
      readonly kind: 'interrupted';
      readonly stopReason: string;
      readonly error: string;
      readonly usage?: Usage;
      readonly end?: AgentEnd;
    }
  | {
      readonly kind: 'failed';
      readonly stopReason: string;
      readonly error: string;
      readonly errorCode: string;
      readonly next?: readonly NextStep[];
      /** True if the same prompt may succeed later without a person. */
      readonly retry?: boolean | undefined;
      /** ISO 8601: when to try again, if the agent reports it. */
      readonly retryAt?: string | undefined;
      readonly usage?: Usage;
      readonly end?: AgentEnd;
    };
