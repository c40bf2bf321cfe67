import type { AgentClient, PermissionDecision, PermissionRequest } from '../../src/core/agent/port.ts';
import type { LogDraft } from '../../src/core/task/log-entry.ts';
import type { Usage } from '../../src/core/task/schema.ts';

/** A client for tests that keeps all that an agent tells it, and decides as it is told to. */
export class RecordingClient implements AgentClient {
  readonly entries: LogDraft[] = [];
  readonly usages: Usage[] = [];
  readonly percents: number[] = [];
  readonly requests: PermissionRequest[] = [];
  private readonly decide: (request: PermissionRequest) => PermissionDecision | Promise<PermissionDecision>;

  constructor(
    decide: (request: PermissionRequest) => PermissionDecision | Promise<PermissionDecision> = () => approveOnce,
  ) {
    this.decide = decide;
  }

  log(entry: LogDraft): void | PromiseLike<void> {
    this.entries.push(entry);
  }

  usage(usage: Usage): void {
    this.usages.push(usage);
  }

  progress(percent: number): void {
    this.percents.push(percent);
  }

  async permission(request: PermissionRequest): Promise<PermissionDecision> {
    this.requests.push(request);
    return await this.decide(request);
  }

  messages(type?: LogDraft['type']): string[] {
    return this.entries.filter((entry) => type === undefined || entry.type === type).map((entry) => entry.message);
  }
}

export const approveOnce: PermissionDecision = { approved: true, scope: 'once' };
export const approveForTask: PermissionDecision = { approved: true, scope: 'task' };
export const reject: PermissionDecision = { approved: false, scope: 'once' };
