import type { ToolReach } from '../../core/policy/tool-reach.ts';
import type { TokensCount } from '../acp/accounting.ts';
import type { Fields } from '../acp/wire.ts';
import type { Environment } from '../environment.ts';
import type { RecordPlace, SpendRecord } from '../records/record.ts';
import type { RunPlace, RunRecord } from '../records/run-record.ts';

/** The limits of a session, which an agent receives in its own terms. */
export interface SessionLimits {
  /** The allowed tools of the task; undefined: all. */
  readonly reach: ToolReach | undefined;
  /** True if the agent must ask before it changes a file or runs a command. */
  readonly asks: boolean;
  /** The title of the task, for an agent that would ask a model for one. */
  readonly title?: string | undefined;
  /** US dollars that the session may cost from now on; undefined: no limit. */
  readonly maxCostUsd?: number | undefined;
}

/** A method of `authenticate` that works without a person. */
export interface KeyMethod {
  readonly id: string;
  /** Variables of which one must be set. Undefined: none. */
  readonly variables?: readonly string[] | undefined;
}

/**
 * The special behaviour of one agent. An adapter only narrows the agent's behaviour or parses its reports: this product
 * still decides its requests and checks its tools.
 */
export interface AgentAdapter {
  /** Scope of the token counts in prompt responses. Default: the turn. */
  readonly tokensCount?: TokensCount | undefined;
  /** True if every turn with a model call reports tokens, so that one without them did not reach a model. */
  readonly reportsUsage?: boolean | undefined;
  /** True for an agent that reports US dollars, false for one that never does. Undefined: unknown. */
  readonly reportsCost?: boolean | undefined;
  /**
   * True for an agent that ends a turn with the error `WINDOW_CLOSED` if the window with its model was closed: the task
   * is interrupted then, and has not failed.
   */
  readonly interrupts?: boolean | undefined;
  /**
   * True for an agent that removes a cancelled turn from its session: the agent is ended instead, so that it can resume the
   * turn.
   */
  readonly forgetsCancelled?: boolean | undefined;
  /** Its methods to log in with a key from the environment. */
  readonly keyMethods?: readonly KeyMethod[] | undefined;
  /** `_meta` of the client's capabilities, which opens extensions of the agent. */
  readonly clientMeta?: Fields | undefined;
  /**
   * True for an agent that writes files itself and still sends `fs/write_text_file` after each edit to update an
   * editor's buffers. The request is acknowledged without a write: our own write could follow the agent's next one, and
   * an error would fill the log each time.
   */
  readonly writesItself?: boolean | undefined;
  /** Variables of the agent's environment. `env` is the environment without them. */
  readonly env?: (limits: SessionLimits, env: Environment) => Environment;
  /**
   * Further arguments of the agent. They may name files that the adapter writes into `folder`, which is removed when the
   * session is open.
   */
  readonly args?: (limits: SessionLimits, folder: string) => Promise<readonly string[]>;
  /** `_meta` of the request that opens the session. */
  readonly meta?: (limits: SessionLimits) => Fields | undefined;
  /**
   * A tool call as the protocol means it, from one that keeps the tool's name or its command elsewhere. It must not claim
   * more than the agent sent for certain: rules decide on the result.
   */
  readonly call?: (sent: Fields, cwd: string) => Fields;
  /** Prepares the files of a former session before the agent starts to load it, for one that would lose it. */
  readonly beforeLoad?: (sessionId: string, env: Environment) => Promise<void>;
  /** The record that the agent itself keeps of a session, which has the spend of each call of the model. */
  readonly record?: (place: RecordPlace) => Promise<SpendRecord | undefined>;
  /**
   * Completes `record`, for an agent whose record lacks some calls of the model. Undefined if the agent
   * does not write it: then the spend is a lower bound.
   */
  readonly runRecord?: (place: RunPlace) => Promise<RunRecord | undefined>;
  /**
   * The reason why a failed call had no effect because the agent does not offer that tool to its model, by a text that no
   * output of a tool can begin with. Undefined for other failures.
   */
  readonly refusal?: (toolName: string, output: unknown) => string | undefined;
  /** The mode in which it asks before it acts, and the modes in which it does not. Other modes stay unchanged. */
  readonly modes?: { readonly asks: string; readonly loose: readonly string[] } | undefined;
}

/** An agent that is only known by the protocol. */
export const plainAdapter: AgentAdapter = {};
