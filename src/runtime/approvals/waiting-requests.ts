import type { PermissionRule } from '../../core/policy/rule.ts';
import { pendingApprovals } from '../../core/task/approval.ts';
import { decideApproval } from '../../core/task/decide.ts';
import { requireLease } from '../../core/task/run.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import type { PermissionPolicy } from './permission-policy.ts';

interface WaitingRequestsOptions {
  readonly store: TaskStore;
  readonly taskId: string;
  readonly executionId: string;
  readonly worker: string;
  readonly settings: LiveSettings;
  readonly policy: PermissionPolicy;
}

/** Open requests of a run: a later rule decides them as if it had existed before. */
export class WaitingRequests {
  private readonly options: WaitingRequestsOptions;
  /** The rules that a request was compared with already, by its id. */
  private readonly judged = new Map<string, readonly PermissionRule[]>();

  constructor(options: WaitingRequestsOptions) {
    this.options = options;
  }

  async applyRules(): Promise<void> {
    const { store, taskId, executionId, policy } = this.options;
    const task = store.view.byId(taskId);
    if (task === undefined) return;
    const mine = pendingApprovals(task).filter(
      ({ kind, execution_id: execution }) => kind === 'tool' && execution === executionId,
    );
    if (mine.length === 0) return this.judged.clear();
    const rules = await this.options.settings.rules();
    for (const { id, title, detail = {} } of mine) {
      if (this.judged.get(id) === rules) continue;
      this.judged.set(id, rules);
      const ruling = await policy.ruling({ title, detail });
      if (ruling !== undefined) await this.decide(id, ruling);
    }
  }

  private async decide(id: string, { approved, rule, notes }: Ruling): Promise<void> {
    const { store, taskId, worker } = this.options;
    await store.transact('approval.rule', (draft) => {
      const task = requireLease(draft.byId(taskId), worker);
      const request = pendingApprovals(task).find((one) => one.id === id);
      // A person was faster.
      if (request === undefined) return;
      const decision = { approve: approved, by: `rule: ${rule}`, rule, scope: 'once', notes } as const;
      draft.patch(taskId, decideApproval(task, request, decision, draft.at));
      draft.log(taskId, {
        type: 'system',
        message: `${approved ? 'Approved' : 'Rejected'} by a rule (${rule}): ${request.title}`,
      });
    });
  }
}

type Ruling = NonNullable<Awaited<ReturnType<PermissionPolicy['ruling']>>>;
