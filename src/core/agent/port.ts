import type { ApprovalDetail } from '../task/approval.ts';
import type { ApprovalsMode } from '../task/approvals-mode.ts';
import type { LogDraft } from '../task/log-entry.ts';
import type { Usage } from '../task/schema.ts';
import type { AgentEnd, TurnOutcome } from '../task/turn.ts';

/**
 * The single port to everything that can run tasks. `src/agents` has an adapter per kind of agent; the worker depends
 * on nothing else of them.
 */
export interface Agent {
  readonly name: string;
  /** The decider of the agent's requests, for tasks without their own. Default: the agent asks. */
  readonly approvals?: ApprovalsMode | undefined;
  /**
   * Starts a session. Rejects with a TaskError (`AgentUnavailable`, `AgentCrashed`, `AgentProtocolError`) if it cannot,
   * and leaves no process running.
   */
  open(request: AgentRequest, client: AgentClient): Promise<AgentSession>;
}

/** A server of tools over the Model Context Protocol, which the agent starts. */
export interface ToolServer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface AgentRequest {
  readonly taskId: string;
  readonly title: string;
  /** Absolute folder to work in. */
  readonly cwd: string;
  /** Model to use, if the agent supports a choice. */
  readonly model?: string | undefined;
  /** A former session to continue, where the agent can. */
  readonly resume?: string | undefined;
  /** The known spend of the session to resume, in earlier executions of the task; undefined if there was none. */
  readonly spent?: Usage | undefined;
  /** US dollars that the session may cost from now on, for an agent that can limit itself. */
  readonly maxCostUsd?: number | undefined;
  /** The allowed tools of the task, for an agent that can restrict itself. Default: all tools. */
  readonly allowedTools?: readonly string[] | undefined;
  /** The decider of the agent's requests. Default: as the agent is configured. */
  readonly approvals?: ApprovalsMode | undefined;
  /** Aborts a wait before the agent's process is started. */
  readonly signal?: AbortSignal | undefined;
  /** Tools for the agent's own task, for an agent that can start the server. */
  readonly toolServer?: ToolServer | undefined;
  /** Environment added to the worker's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Receives the messages of an agent during its work. All calls are cheap and do not throw. */
export interface AgentClient {
  /**
   * Writes one entry. A promise means that the log is behind: the caller stops reading the agent's output until it
   * resolves. It never rejects.
   *
   * @param raw the entry before redaction and size limits, for the policy only; it is never stored
   */
  log(entry: LogDraft, raw?: LogDraft): void | PromiseLike<void>;
  /** The agent was active, also where the log shows nothing. */
  alive?(): void;
  /** The known spend of the session since `open`; each call replaces the previous value. */
  usage(usage: Usage): void;
  /** 0–100, from the agent's plan. */
  progress(percent: number): void;
  /** Asks a person; resolves as late as they decide, or at once with a rejection when the run is being ended. */
  permission(request: PermissionRequest): Promise<PermissionDecision>;
  /** Asks a person a question: approved with their answer in `notes`, or not answered. */
  question?(request: PermissionRequest): Promise<PermissionDecision>;
  /**
   * The answer to a request that an earlier approval seems to cover. Tool limits take precedence over approvals, and a
   * person is asked again about a file whose real path differs from its name. Undefined if the earlier approval
   * applies.
   */
  refuses?(request: PermissionRequest): Promise<PermissionDecision | undefined>;
}

export interface PermissionRequest {
  readonly title: string;
  /** The redacted and shortened request, which the store keeps and a person sees. */
  readonly detail: ApprovalDetail;
  /**
   * The request as the agent sent it, for the policy only; it is never stored or displayed. Default: the same as
   * `detail`.
   */
  readonly raw?: ApprovalDetail | undefined;
}

export interface PermissionDecision {
  readonly approved: boolean;
  /** `task`: also allow similar requests for the rest of the session. */
  readonly scope: 'once' | 'task';
  /** The comment of the person, for the agent if the protocol can transmit it. */
  readonly notes?: string | undefined;
  /** True if the request expired at the end of the run without a decision. */
  readonly cancelled?: boolean;
}

export interface AgentSession {
  /** The agent's own id of the session. */
  readonly id: string;
  /** True when it resumed the session of `AgentRequest.resume`; false when it had to begin a new one. */
  readonly resumed: boolean;
  /** True when more prompts can follow after a turn. */
  readonly followUps: boolean;
  /** The id of the agent's process while there is one; its whole group is ended with it. */
  readonly pid?: number | undefined;
  /** One turn. Never rejects for a failure of the agent: a crash, a signal and a refusal are outcomes. */
  prompt(text: string): Promise<TurnOutcome>;
  /** Asks the running turn to end, by the protocol first; `prompt` then resolves as cancelled. */
  cancel(): Promise<void>;
  /** Ends the session and its whole process group; resolves when no process remains. Idempotent. */
  close(): Promise<void>;
  /** Resolves when the agent's process has exited for any reason. */
  readonly ended: Promise<AgentEnd>;
}
