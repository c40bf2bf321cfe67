import type { AgentClient, PermissionDecision, PermissionRequest } from '../../core/agent/port.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import type { Usage } from '../../core/task/schema.ts';
import type { PermissionPolicy } from '../approvals/permission-policy.ts';
import type { AgentLog } from './agent-log.ts';
import type { QuietWatch } from './quiet-watch.ts';
import type { Refusals } from './refusals.ts';
import type { SpendReports } from './spend-reports.ts';

type Ask = (request: PermissionRequest) => Promise<PermissionDecision>;

interface ClientParts {
  readonly entries: AgentLog;
  readonly spend: SpendReports;
  readonly refusals: Refusals;
  readonly quiet: Pick<QuietWatch, 'sign' | 'while'>;
  readonly policy: Pick<PermissionPolicy, 'decide' | 'leadsElsewhere'>;
  /** Asks a person for a permission. */
  readonly ask: Ask;
  /** Asks a person a question. */
  readonly question: Ask;
}

/** The side of a conversation that its agent calls. */
export class ConversationClient implements AgentClient {
  readonly question: Ask;
  private readonly parts: ClientParts;

  constructor(parts: ClientParts) {
    this.parts = parts;
    this.question = (request) => parts.quiet.while(parts.question(request));
  }

  log(entry: LogDraft, raw?: LogDraft): void | Promise<void> {
    const { entries, refusals } = this.parts;
    const written = entries.write(entry, raw);
    if (entry.type === 'agent') refusals.clear();
    return written;
  }

  alive(): void {
    this.parts.quiet.sign();
  }

  usage(usage: Usage): void {
    this.parts.spend.usage(usage);
  }

  progress(percent: number): void {
    this.parts.spend.progress(percent);
  }

  async permission(request: PermissionRequest): Promise<PermissionDecision> {
    const { policy, ask, refusals, spend, quiet } = this.parts;
    if (await spend.isStopped()) return { approved: false, scope: 'once', cancelled: true };
    const ruled = await policy.decide(request);
    const decision = ruled ?? (await quiet.while(ask(request)));
    refusals.note(request, decision, ruled === undefined);
    return decision;
  }

  async refuses(request: PermissionRequest): Promise<PermissionDecision | undefined> {
    const { policy, ask, refusals, quiet } = this.parts;
    const decision = await policy.decide(request);
    if (decision?.approved === true) return undefined;
    const asksAgain = request.detail.redacted === true || (await policy.leadsElsewhere(request));
    if (decision === undefined && !asksAgain) return undefined;
    const answer = decision ?? (await quiet.while(ask(request)));
    refusals.note(request, answer, decision === undefined);
    return answer;
  }

  /** Writes all entries and reports so far to the store. */
  async flush(): Promise<void> {
    await Promise.all([this.parts.entries.flush(), this.parts.spend.flush()]);
  }
}
