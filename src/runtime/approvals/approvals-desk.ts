import type { PermissionDecision, PermissionRequest } from '../../core/agent/port.ts';
import type { Disposable } from '../../core/disposable.ts';
import type { Approval } from '../../core/task/approval.ts';
import { requestApproval } from '../../core/task/request.ts';
import { requireLease } from '../../core/task/run.ts';
import type { TaskStore } from '../../store/task-store.ts';

const cancelled: PermissionDecision = { approved: false, scope: 'once', cancelled: true };

/** Stores the requests of an agent and waits, without a time limit, for a decision in any face. */
export class ApprovalsDesk implements Disposable {
  private readonly store: TaskStore;
  private readonly waiting = new Map<string, (approval: Approval | undefined) => void>();
  private readonly subscription: Disposable;

  constructor(store: TaskStore) {
    this.store = store;
    this.subscription = store.on('approval:decided', ({ approval }) => this.settle(approval));
  }

  async ask(
    taskId: string,
    worker: string,
    executionId: string,
    request: PermissionRequest,
    kind: 'tool' | 'feedback' = 'tool',
  ): Promise<PermissionDecision> {
    const approval = await this.store.transact('approval.request', (draft) => {
      const task = requireLease(draft.byId(taskId), worker);
      const { title, detail } = request;
      const { patch, added } = requestApproval(task, { kind, title, detail, executionId }, draft.at);
      // A task that has ended in the meantime needs no decision.
      if (patch.status === undefined && task.status !== 'paused') return undefined;
      draft.patch(taskId, patch);
      draft.log(taskId, {
        type: 'tool',
        message: `Asks: ${added.title}`,
        metadata: { toolName: request.detail.toolName, approval: added.number },
      });
      return added;
    });
    if (approval === undefined) return cancelled;
    const decided = await this.decision(taskId, approval.id);
    if (decided === undefined || decided.status === 'expired') return cancelled;
    return { approved: decided.status === 'approved', scope: decided.scope ?? 'once', notes: decided.notes };
  }

  dispose(): void {
    this.subscription.dispose();
    for (const resolve of this.waiting.values()) resolve(undefined);
    this.waiting.clear();
  }

  private decision(taskId: string, approvalId: string): Promise<Approval | undefined> {
    return new Promise((resolve) => {
      this.waiting.set(approvalId, resolve);
      // It may have been decided between the commit and now.
      const current = this.store.view.byId(taskId)?.approvals.find((approval) => approval.id === approvalId);
      if (current === undefined || current.status !== 'pending') this.settle(current ?? { id: approvalId });
    });
  }

  private settle(approval: Approval | { id: string }): void {
    const resolve = this.waiting.get(approval.id);
    this.waiting.delete(approval.id);
    resolve?.('status' in approval ? approval : undefined);
  }
}
