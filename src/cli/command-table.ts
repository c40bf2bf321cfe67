import type { Command } from './command.ts';
import { type CommandName, summaryOf } from './overview.ts';

/** A command by its words. Its flags and its code load when it is called, so that a start loads only one command. */
export interface CommandEntry {
  readonly words: readonly string[];
  /** The line in the overview. */
  readonly summary: string;
  load(): Promise<Command>;
}

export const commandTable: readonly CommandEntry[] = [
  of('task.create', async () => (await import('./commands/task-create.ts')).command),
  of('task.list', async () => (await import('./commands/task-list.ts')).command),
  of('task.show', async () => (await import('./commands/task-show.ts')).command),
  of('task.start', async () => (await import('./commands/task-start.ts')).start),
  of('task.confirm', async () => (await import('./commands/task-confirm.ts')).command),
  of('task.watch', async () => (await import('./commands/task-watch.ts')).command),
  of('inbox', async () => (await import('./commands/inbox.ts')).command),
  of('task.logs', async () => (await import('./commands/task-logs.ts')).command),
  of('task.approve', async () => (await import('./commands/decisions.ts')).approve),
  of('task.rule', async () => (await import('./commands/decisions.ts')).rule),
  of('task.reject', async () => (await import('./commands/decisions.ts')).reject),
  of('task.answer', async () => (await import('./commands/decisions.ts')).answer),
  of('task.follow-up', async () => (await import('./commands/changes.ts')).followUp),
  of('task.pause', async () => (await import('./commands/changes.ts')).pause),
  of('task.resume', async () => (await import('./commands/task-start.ts')).resume),
  of('task.usage', async () => (await import('./commands/task-usage.ts')).command),
  of('task.diff', async () => (await import('./commands/worktrees.ts')).diff),
  of('task.merge', async () => (await import('./commands/worktrees.ts')).merge),
  of('task.discard', async () => (await import('./commands/worktrees.ts')).discard),
  of('worktrees', async () => (await import('./commands/worktrees.ts')).list),
  of('task.checkpoint', async () => (await import('./commands/checkpoints.ts')).checkpoint),
  of('task.checkpoints', async () => (await import('./commands/checkpoints.ts')).checkpoints),
  of('task.restore', async () => (await import('./commands/checkpoints.ts')).restore),
  of('task.cancel', async () => (await import('./commands/changes.ts')).cancel),
  of('task.complete', async () => (await import('./commands/changes.ts')).complete),
  of('task.restart', async () => (await import('./commands/task-start.ts')).restart),
  of('task.update', async () => (await import('./commands/task-update.ts')).command),
  of('task.note', async () => (await import('./commands/changes.ts')).note),
  of('task.history', async () => (await import('./commands/task-history.ts')).command),
  of('task.clone', async () => (await import('./commands/changes.ts')).clone),
  of('task.add-dependency', async () => (await import('./commands/changes.ts')).addDependency),
  of('task.edit', async () => (await import('./commands/task-edit.ts')).command),
  of('task.remove-dependency', async () => (await import('./commands/changes.ts')).removeDependency),
  of('task.validate-dependencies', async () => (await import('./commands/graph.ts')).validate),
  of('task.graph', async () => (await import('./commands/graph.ts')).graph),
  of('task.match', async () => (await import('./commands/assess.ts')).match),
  of('task.estimate', async () => (await import('./commands/assess.ts')).estimate),
  of('task.analyze', async () => (await import('./commands/metrics.ts')).analyze),
  of('task.compare', async () => (await import('./commands/metrics.ts')).compare),
  of('task.delete', async () => (await import('./commands/changes.ts')).remove),
  of('task.archive', async () => (await import('./commands/archive.ts')).archive),
  of('task.unarchive', async () => (await import('./commands/archive.ts')).unarchive),
  of('queue.play', async () => (await import('./commands/queue.ts')).play),
  of('queue.pause', async () => (await import('./commands/queue.ts')).pause),
  of('queue.status', async () => (await import('./commands/queue.ts')).status),
  of('template.list', async () => (await import('./commands/templates.ts')).list),
  of('template.show', async () => (await import('./commands/templates.ts')).show),
  of('template.apply', async () => (await import('./commands/templates.ts')).apply),
  of('template.new', async () => (await import('./commands/templates.ts')).create),
  of('template.from-task', async () => (await import('./commands/templates.ts')).fromTask),
  of('task.split', async () => (await import('./commands/teamwork.ts')).split),
  of('task.merge-parts', async () => (await import('./commands/teamwork.ts')).mergeParts),
  of('task.race', async () => (await import('./commands/race.ts')).race),
  of('task.race.show', async () => (await import('./commands/race.ts')).show),
  of('task.race.pick', async () => (await import('./commands/race.ts')).pick),
  of('task.race.judge', async () => (await import('./commands/race.ts')).judge),
  of('plan.apply', async () => (await import('./commands/plan.ts')).apply),
  of('plan.from-code', async () => (await import('./commands/plan.ts')).fromCode),
  of('import', async () => (await import('./commands/import.ts')).importCommand),
  of('export', async () => (await import('./commands/import.ts')).exportCommand),
  of('plan.dismiss', async () => (await import('./commands/plan.ts')).dismiss),
  of('plan.from-spec', async () => (await import('./commands/plan.ts')).fromSpec),
  of('project.create', async () => (await import('./commands/projects.ts')).create),
  of('project.list', async () => (await import('./commands/projects.ts')).list),
  of('project.show', async () => (await import('./commands/projects.ts')).show),
  of('next', async () => (await import('./commands/next.ts')).command),
  of('metrics', async () => (await import('./commands/metrics.ts')).all),
  of('insights', async () => (await import('./commands/insights.ts')).command),
  of('agents', async () => (await import('./commands/agents.ts')).command),
  of('agents.match', async () => (await import('./commands/assess.ts')).matchText),
  of('status', async () => (await import('./commands/status.ts')).command),
  of('gc', async () => (await import('./commands/gc.ts')).command),
  of('doctor', async () => (await import('./commands/doctor.ts')).command),
  of('dashboard', async () => (await import('./commands/dashboard.ts')).command),
  of('completion', async () => (await import('./commands/completion.ts')).command),
  of('mcp.install', async () => (await import('./commands/mcp-install.ts')).command),
  of('mcp', async () => (await import('./commands/mcp.ts')).command),
  of('store.init', async () => (await import('./commands/store.ts')).init),
  of('store.status', async () => (await import('./commands/store.ts')).status),
  of('store.migrate', async () => (await import('./commands/store.ts')).migrate),
  of('worker', async () => (await import('./commands/worker.ts')).command),
];

function of(name: CommandName, load: () => Promise<Command | (() => Promise<Command>)>): CommandEntry {
  return {
    words: name.split('.'),
    summary: summaryOf(name),
    load: async () => {
      const command = await load();
      return typeof command === 'function' ? command() : command;
    },
  };
}
