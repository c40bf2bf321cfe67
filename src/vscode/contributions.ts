/**
 * The names in package.json's `contributes`, in one place; a test holds both against each other. No import of the editor
 * here, so that the test can read it.
 */
export const commandIds = [
  'systemprompt.task.create',
  'systemprompt.task.open',
  'systemprompt.task.start',
  'systemprompt.task.confirm',
  'systemprompt.task.cancel',
  'systemprompt.task.showLog',
  'systemprompt.task.followUp',
  'systemprompt.task.complete',
  'systemprompt.task.restart',
  'systemprompt.task.raiseLimit',
  'systemprompt.task.delete',
  'systemprompt.task.openFile',
  'systemprompt.task.copyId',
  'systemprompt.task.review',
  'systemprompt.task.merge',
  'systemprompt.task.discard',
  'systemprompt.task.openWorktree',
  'systemprompt.task.checkpoint',
  'systemprompt.task.restore',
  'systemprompt.approval.approve',
  'systemprompt.approval.approveForTask',
  'systemprompt.approval.answer',
  'systemprompt.approval.reject',
  'systemprompt.approval.show',
  'systemprompt.approvals.open',
  'systemprompt.metrics.open',
  'systemprompt.queue.play',
  'systemprompt.queue.pause',
  'systemprompt.agents.review',
  'systemprompt.tasks.refresh',
  'systemprompt.tasks.showMore',
  'systemprompt.showOutput',
] as const;

export type CommandId = (typeof commandIds)[number];

export const viewIds = { tasks: 'systemprompt.tasks', approvals: 'systemprompt.approvals' } as const;

/** Types of pages in editor tabs; each is also an activation event in package.json. */
export const pageTypes = { metrics: 'systemprompt.metrics', task: 'systemprompt.task' } as const;

/** The context keys that `when` clauses read, with the values each can have. */
export interface ContextValues {
  /** The state of the view: `failed` and `empty` show a welcome text. */
  'systemprompt.state': 'none' | 'loading' | 'empty' | 'ready' | 'failed';
  'systemprompt.hasTasks': boolean;
  'systemprompt.needsApproval': boolean;
  /** The queue of a folder plays. */
  'systemprompt.queuePlaying': boolean;
}

export interface SettingValues {
  'systemprompt.notifyApprovals': boolean;
  'systemprompt.mergeAs': 'merge' | 'squash' | 'patch';
}

/** Scheme of the read-only documents that show requests; `when: resourceScheme == …` in package.json. */
export const requestScheme = 'systemprompt-request';

/** Scheme of the read-only documents that show a side of a task's change. */
export const reviewScheme = 'systemprompt-review';

/** A `command:` link to one of our commands, for messages. */
export function commandLink(id: CommandId, ...args: readonly (string | number)[]): string {
  // Parentheses would end the link early.
  const encoded = encodeURIComponent(JSON.stringify(args)).replace(/\(/g, '%28').replace(/\)/g, '%29');
  return `command:${id}?${encoded}`;
}
