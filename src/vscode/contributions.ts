/**
 * The names in package.json's `contributes`, in one place; a test compares the two. No import of the editor here, so
 * that the test can read it.
 */
export const commandIds = [
  'systemprompt.task.create',
  'systemprompt.task.createFromEditor',
  'systemprompt.task.createFromChanges',
  'systemprompt.task.createFromTerminal',
  'systemprompt.plan.fromTemplate',
  'systemprompt.plan.fromSpec',
  'systemprompt.plan.import',
  'systemprompt.plan.fromCode',
  'systemprompt.task.split',
  'systemprompt.task.open',
  'systemprompt.task.start',
  'systemprompt.task.confirm',
  'systemprompt.task.pause',
  'systemprompt.task.cancel',
  'systemprompt.task.duplicate',
  'systemprompt.task.archive',
  'systemprompt.task.showLog',
  'systemprompt.task.followUp',
  'systemprompt.task.complete',
  'systemprompt.task.restart',
  'systemprompt.task.raiseLimit',
  'systemprompt.task.setPriority',
  'systemprompt.task.setAgent',
  'systemprompt.task.setProject',
  'systemprompt.task.setLabels',
  'systemprompt.task.setParent',
  'systemprompt.task.addDependency',
  'systemprompt.task.pickResult',
  'systemprompt.task.delete',
  'systemprompt.task.openFile',
  'systemprompt.task.copyId',
  'systemprompt.task.review',
  'systemprompt.task.merge',
  'systemprompt.task.discard',
  'systemprompt.task.requestChanges',
  'systemprompt.review.send',
  'systemprompt.review.addComment',
  'systemprompt.review.editComment',
  'systemprompt.review.saveComment',
  'systemprompt.review.cancelComment',
  'systemprompt.review.deleteComment',
  'systemprompt.task.openWorktree',
  'systemprompt.task.checkpoint',
  'systemprompt.task.restore',
  'systemprompt.approval.approve',
  'systemprompt.approval.approveForTask',
  'systemprompt.approval.answer',
  'systemprompt.approval.reject',
  'systemprompt.approval.show',
  'systemprompt.approvals.open',
  'systemprompt.board.open',
  'systemprompt.metrics.open',
  'systemprompt.graph.open',
  'systemprompt.task.showInGraph',
  'systemprompt.queue.play',
  'systemprompt.queue.pause',
  'systemprompt.agents.review',
  'systemprompt.plan.create',
  'systemprompt.models.allow',
  'systemprompt.store.setPassword',
  'systemprompt.store.clearPassword',
  'systemprompt.tasks.refresh',
  'systemprompt.tasks.group',
  'systemprompt.tasks.sort',
  'systemprompt.tasks.filter',
  'systemprompt.tasks.clearFilter',
  'systemprompt.tasks.showMore',
  'systemprompt.showOutput',
] as const;

export type CommandId = (typeof commandIds)[number];

export const viewIds = { tasks: 'systemprompt.tasks', approvals: 'systemprompt.approvals' } as const;

/** Types of pages in editor tabs; each is also an activation event in package.json. */
export const pageTypes = {
  board: 'systemprompt.board',
  metrics: 'systemprompt.metrics',
  task: 'systemprompt.task',
  graph: 'systemprompt.graph',
  newTask: 'systemprompt.newTask',
  plan: 'systemprompt.plan',
  race: 'systemprompt.race',
} as const;

/** The participant `@tasks` of the chat. */
export const chatParticipant = 'systemprompt.tasks';

/** The provider of servers for assistants. */
export const mcpProvider = 'systemprompt.mcp';

/** Ids of tasks with an unmerged result that the buttons in the title of its diff fit. */
export interface ReviewContext {
  'systemprompt.mergeableTasks': readonly string[];
  'systemprompt.discardableTasks': readonly string[];
  'systemprompt.promptableTasks': readonly string[];
  'systemprompt.returnableTasks': readonly string[];
  /** With comments that wait to be sent. */
  'systemprompt.commentedTasks': readonly string[];
}

/** The context keys that `when` clauses read, with the values each can have. */
export interface ContextValues extends ReviewContext {
  /** The state of the view: `failed` and `empty` show a welcome text. */
  'systemprompt.state': 'none' | 'loading' | 'empty' | 'ready' | 'failed';
  'systemprompt.hasTasks': boolean;
  'systemprompt.needsApproval': boolean;
  /** The Tasks view shows only tasks that match a filter. */
  'systemprompt.filtered': boolean;
  /** The queue of a folder plays. */
  'systemprompt.queuePlaying': boolean;
  /** The queue of a folder with tasks is paused. */
  'systemprompt.queuePaused': boolean;
}

export interface SettingValues {
  'systemprompt.notifyApprovals': boolean;
  /** Ends of runs that a notification reports. */
  'systemprompt.notifications': readonly ('failed' | 'review' | 'completed')[];
  'systemprompt.mergeAs': 'merge' | 'squash' | 'patch';
}

/** Settings of the machine that workers and the command line follow, too, with their places in `config.json`. */
export const machineSettings = {
  'systemprompt.agents': ['agents'],
  'systemprompt.policy': ['policy'],
  'systemprompt.worker.maxParallel': ['worker', 'maxParallel'],
  'systemprompt.worker.maxPerAgent': ['worker', 'maxPerAgent'],
  'systemprompt.worker.sessionIdleMinutes': ['worker', 'sessionIdleMinutes'],
  'systemprompt.worktrees.place': ['worktrees', 'place'],
} as const;

/** Scheme of the read-only documents that show requests; `when: resourceScheme == …` in package.json. */
export const requestScheme = 'systemprompt-request';

/** Scheme of the read-only documents that show a side of a task's change. */
export const reviewScheme = 'systemprompt-review';

/** Scheme of the editors that show all changes of a task; `when: resourceScheme == …` in package.json. */
export const changesScheme = 'systemprompt-changes';

/** The comments on lines of the changes of a task; `when: commentController == …` in package.json. */
export const commentController = 'systemprompt.review';

/** The key of comments that wait to be sent in the state of the workspace. */
export const savedComments = 'reviews.comments';

/** A `command:` link to one of our commands, for messages. */
export function commandLink(id: CommandId, ...args: readonly (string | number)[]): string {
  // Parentheses would end the link early.
  const encoded = encodeURIComponent(JSON.stringify(args)).replace(/\(/g, '%28').replace(/\)/g, '%29');
  return `command:${id}?${encoded}`;
}
