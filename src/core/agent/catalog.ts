import type { TaskError } from '../errors.ts';
import type { ApprovalsMode } from '../task/approvals-mode.ts';
import type { Usage } from '../task/schema.ts';
import type { Agent } from './port.ts';

/** The abilities of an agent. Undefined where only an open session can say. */
export interface AgentCapabilities {
  /** Asks a person before it acts. */
  readonly asks: boolean;
  /** Accepts more prompts after a turn. */
  readonly follow_ups: boolean;
  /** Continues a session after its process has ended. */
  readonly resumes?: boolean | undefined;
  /** The task can choose the model. */
  readonly models?: boolean | undefined;
  /** Reports tokens. */
  readonly usage?: boolean | undefined;
  /** Reports a price in US dollars. */
  readonly cost?: boolean | undefined;
  /** Withholds the tools that a task does not allow; the worker judges each use all the same. */
  readonly tool_limits: boolean;
}

/** An agent as lists show it. */
export interface AgentInfo {
  readonly name: string;
  readonly title: string;
  readonly kind: 'acp' | 'shell';
  /** The program, as found on PATH; undefined if it was not found. */
  readonly path?: string | undefined;
  readonly version?: string | undefined;
  /** True if this process can run it now. */
  readonly available: boolean;
  /** Instructions to install it; undefined if it is available. */
  readonly install?: string | undefined;
  readonly capabilities: AgentCapabilities;
  /** The decider of its requests, in tasks without their own; undefined for an agent that has nothing to ask. */
  readonly approvals?: ApprovalsMode | undefined;
  /** Of its default model in US dollars per million tokens, if it is configured. */
  readonly price?: { readonly input: number; readonly output: number } | undefined;
}

/** A source of agents: programs of this machine, the shell, the models of an editor. */
export interface AgentProvider {
  /** Names of all its agents, including those that cannot run here. */
  readonly names: readonly string[];
  /** Its agents with their versions. May start processes, so it takes seconds. */
  list(): Promise<AgentInfo[]>;
  /**
   * Why this process cannot run one of its agents now, as `AgentUnavailable` with how to get it. Undefined if it can.
   * Cheap: a scheduler asks for each task.
   */
  unavailable(name: string): TaskError | undefined;
  /** One of its available agents. */
  get(name: string): Agent;
  /** See `AgentCatalog.countsCost`. */
  countsCost?(name: string, model: string | undefined): boolean | undefined;
  /** See `AgentCatalog.spent`. */
  spent?(name: string, sessionId: string, model: string | undefined): Promise<Usage | undefined>;
}

/** The agents of a folder in this process. */
export interface AgentCatalog {
  /** Names of all its agents, including those that cannot run here. */
  readonly names: readonly string[];
  list(): Promise<AgentInfo[]>;
  /**
   * Why this process cannot run an agent: `AgentNotFound` with the known names, or `AgentUnavailable` with how to get
   * it. Undefined if it can. Claims, standings and lists all derive "can run here" from this.
   */
  unavailable(name: string): TaskError | undefined;
  /**
   * False if the cost of an agent is never known: it reports none, and no price is configured for the model (undefined: its
   * default). Undefined: unknown, or it costs nothing.
   */
  countsCost(name: string, model: string | undefined): boolean | undefined;
  /** @throws TaskError as `unavailable` returns it */
  get(name: string): Agent;
  /**
   * The spend of a whole session, from the agent's own record on this machine. Undefined if there is none. Never rejects.
   *
   * @param model the model of its task, for an estimate of the cost; undefined: the agent's default
   */
  spent(name: string, sessionId: string, model: string | undefined): Promise<Usage | undefined>;
  /**
   * Ends the processes that former runs of a task left on this machine when their worker died. Call it before an
   * interrupted task runs again, so that it never runs twice.
   *
   * @param isStillAbandoned asked after the processes are found and before they are ended. A run that began later is
   * spared.
   * @returns how many processes were ended
   */
  endLeftBehind(taskId: string, isStillAbandoned: () => Promise<boolean>): Promise<number>;
}
