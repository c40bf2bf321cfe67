import type { Command } from './command.ts';

/** A command by its words; what it is and does is loaded when it is called, so that each start pays for one only. */
export interface CommandEntry {
  readonly words: readonly string[];
  /** The line in the overview; a test holds it against the command's own. */
  readonly summary: string;
  load(): Promise<Command>;
}

export const commandTable: readonly CommandEntry[] = [
  {
    words: ['task', 'create'],
    summary: 'Create a task.',
    load: async () => (await import('./commands/task-create.ts')).command,
  },
  {
    words: ['task', 'list'],
    summary: 'List tasks.',
    load: async () => (await import('./commands/task-list.ts')).command,
  },
  {
    words: ['task', 'show'],
    summary: 'Show a task with everything that is known about it.',
    load: async () => (await import('./commands/task-show.ts')).command,
  },
  {
    words: ['task', 'start'],
    summary: 'Start tasks.',
    load: async () => (await import('./commands/task-start.ts')).command,
  },
  {
    words: ['task', 'watch'],
    summary: 'Watch a task live until it ends.',
    load: async () => (await import('./commands/task-watch.ts')).command,
  },
  {
    words: ['task', 'logs'],
    summary: 'Show the log of a task.',
    load: async () => (await import('./commands/task-logs.ts')).command,
  },
  {
    words: ['task', 'approve'],
    summary: 'Approve what a task asks.',
    load: async () => (await import('./commands/decisions.ts')).approve,
  },
  {
    words: ['task', 'rule'],
    summary: 'Show the rule that approving with --remember would write.',
    load: async () => (await import('./commands/decisions.ts')).rule,
  },
  {
    words: ['task', 'reject'],
    summary: 'Reject what a task asks.',
    load: async () => (await import('./commands/decisions.ts')).reject,
  },
  {
    words: ['task', 'answer'],
    summary: 'Answer a question that a task asks.',
    load: async () => (await import('./commands/decisions.ts')).answer,
  },
  {
    words: ['task', 'follow-up'],
    summary: 'Send another prompt to a task whose session is open.',
    load: async () => (await import('./commands/changes.ts')).followUp,
  },
  {
    words: ['task', 'pause'],
    summary: 'Pause running tasks, to go on with them later.',
    load: async () => (await import('./commands/changes.ts')).pause,
  },
  {
    words: ['task', 'resume'],
    summary: 'Go on with paused tasks where they stopped.',
    load: async () => (await import('./commands/changes.ts')).resume,
  },
  {
    words: ['task', 'usage'],
    summary: 'Say what a task has spent, and how much of its budget that is.',
    load: async () => (await import('./commands/task-usage.ts')).command,
  },
  {
    words: ['task', 'diff'],
    summary: 'Show what a task has changed in its worktree.',
    load: async () => (await import('./commands/worktrees.ts')).diff,
  },
  {
    words: ['task', 'merge'],
    summary: 'Merge what a task has changed into your branch.',
    load: async () => (await import('./commands/worktrees.ts')).merge,
  },
  {
    words: ['task', 'discard'],
    summary: 'Give up on what a task has changed: its worktree and branch go.',
    load: async () => (await import('./commands/worktrees.ts')).discard,
  },
  {
    words: ['worktrees'],
    summary: 'List the worktrees of tasks, what is in them, and the room that they take.',
    load: async () => (await import('./commands/worktrees.ts')).list,
  },
  {
    words: ['task', 'checkpoint'],
    summary: 'Keep what a task is now, to be restored later.',
    load: async () => (await import('./commands/checkpoints.ts')).checkpoint,
  },
  {
    words: ['task', 'checkpoints'],
    summary: 'List the checkpoints of a task.',
    load: async () => (await import('./commands/checkpoints.ts')).checkpoints,
  },
  {
    words: ['task', 'restore'],
    summary: 'Put the files of a task back to a checkpoint.',
    load: async () => (await import('./commands/checkpoints.ts')).restore,
  },
  {
    words: ['task', 'cancel'],
    summary: 'Cancel tasks, and stop their agents.',
    load: async () => (await import('./commands/changes.ts')).cancel,
  },
  {
    words: ['task', 'complete'],
    summary: 'Accept tasks as done, and close their sessions.',
    load: async () => (await import('./commands/changes.ts')).complete,
  },
  {
    words: ['task', 'restart'],
    summary: 'Run ended tasks again from the start.',
    load: async () => (await import('./commands/changes.ts')).restart,
  },
  {
    words: ['task', 'update'],
    summary: 'Change a task: its text, agent, priority, budgets, tools, labels or place.',
    load: async () => (await import('./commands/task-update.ts')).command,
  },
  {
    words: ['task', 'remove-dependency'],
    summary: 'Let a task no longer wait for another.',
    load: async () => (await import('./commands/changes.ts')).removeDependency,
  },
  {
    words: ['task', 'validate-dependencies'],
    summary: 'Check that no task waits for something that will not come.',
    load: async () => (await import('./commands/graph.ts')).validate,
  },
  {
    words: ['task', 'graph'],
    summary: 'Draw which tasks wait for which.',
    load: async () => (await import('./commands/graph.ts')).graph,
  },
  {
    words: ['task', 'analyze'],
    summary: 'Say where the time and the spend of a task went.',
    load: async () => (await import('./commands/metrics.ts')).analyze,
  },
  {
    words: ['task', 'compare'],
    summary: 'Put tasks beside each other by what they took.',
    load: async () => (await import('./commands/metrics.ts')).compare,
  },
  {
    words: ['task', 'delete'],
    summary: 'Delete tasks with their logs.',
    load: async () => (await import('./commands/changes.ts')).remove,
  },
  {
    words: ['task', 'archive'],
    summary: 'Archive ended tasks: out of the way, still listed, found and counted.',
    load: async () => (await import('./commands/archive.ts')).archive,
  },
  {
    words: ['task', 'unarchive'],
    summary: 'Bring archived tasks back, with their numbers and logs.',
    load: async () => (await import('./commands/archive.ts')).unarchive,
  },
  {
    words: ['queue', 'play'],
    summary: 'Run all pending tasks in their order, also those that come later.',
    load: async () => (await import('./commands/queue.ts')).play,
  },
  {
    words: ['queue', 'pause'],
    summary: 'Run only tasks that are started by hand; what runs already goes on.',
    load: async () => (await import('./commands/queue.ts')).pause,
  },
  {
    words: ['queue', 'status'],
    summary: 'Say whether the queue plays, what runs, what comes next, and what waits for what.',
    load: async () => (await import('./commands/queue.ts')).status,
  },
  {
    words: ['queue', 'confirm'],
    summary: 'Let the tasks run that were set to run before this folder came to this machine.',
    load: async () => (await import('./commands/queue.ts')).confirm,
  },
  {
    words: ['metrics'],
    summary: 'Say how the tasks went: time, success, tokens and cost, and what holds them up.',
    load: async () => (await import('./commands/metrics.ts')).all,
  },
  {
    words: ['agents'],
    summary: 'List the agents that can do tasks, and which of them are installed.',
    load: async () => (await import('./commands/agents.ts')).command,
  },
  {
    words: ['status'],
    summary: 'Say how the tasks of this folder stand, and whether a worker is alive.',
    load: async () => (await import('./commands/status.ts')).command,
  },
  {
    words: ['gc'],
    summary: 'Say what could be freed of what is kept here, and free it with --yes.',
    load: async () => (await import('./commands/gc.ts')).command,
  },
  {
    words: ['doctor'],
    summary: 'Check everything that is kept here, explain what is wrong, and mend it with --fix.',
    load: async () => (await import('./commands/doctor.ts')).command,
  },
  {
    words: ['worker'],
    summary: 'Run started tasks in the foreground, until Ctrl-C.',
    load: async () => (await import('./commands/worker.ts')).command,
  },
];

export const groups: Readonly<Record<string, string>> = {
  task: 'Create, run, watch and decide tasks.',
  queue: 'Let all tasks run in their order, or only what is started.',
};
