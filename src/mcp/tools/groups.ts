import { declarations, type OperationName } from '../../operations/declarations.ts';

/** A tool that offers several operations; `action` chooses one. */
export interface ToolGroup {
  readonly name: string;
  /** One sentence for a model. */
  readonly description: string;
  /** Operations by the value of `action`. A group of one operation has no `action`. */
  readonly actions: Readonly<Record<string, OperationName>>;
}

/** The tools for an assistant that acts for a person. Few tools with an action each cost a model less than many tools. */
const groups: readonly ToolGroup[] = [
  { name: 'task_list', description: 'List tasks, newest first.', actions: { list: 'task.list' } },
  {
    name: 'task_show',
    description: 'Show a task, its log or its spend; choose an agent or estimate the effort for a task.',
    actions: {
      show: 'task.show',
      logs: 'task.logs',
      usage: 'task.usage',
      match: 'task.match',
      estimate: 'task.estimate',
    },
  },
  {
    name: 'task_create',
    description: 'Create a task, or copy one.',
    actions: { create: 'task.create', clone: 'task.clone' },
  },
  {
    name: 'task_update',
    description: 'Change the fields of a task, or add a note to its log.',
    actions: { update: 'task.update', note: 'task.note' },
  },
  {
    name: 'task_run',
    description: 'Start tasks, send a follow-up prompt to an open session, or save a checkpoint.',
    actions: { start: 'task.start', follow_up: 'task.follow-up', checkpoint: 'task.checkpoint' },
  },
  {
    name: 'task_end',
    description: 'Complete tasks, or cancel them and stop their agents.',
    actions: { complete: 'task.complete', cancel: 'task.cancel' },
  },
  {
    name: 'task_review',
    description: 'Show the changes of a task, or merge them into the current branch.',
    actions: { diff: 'task.diff', merge: 'task.merge' },
  },
  { name: 'inbox', description: 'List everything that waits for the person.', actions: { list: 'inbox' } },
  {
    name: 'decide',
    description: 'Approve or reject a request of a task, or answer its question. Only as the person decided.',
    actions: { approve: 'task.approve', reject: 'task.reject', answer: 'task.answer' },
  },
  {
    name: 'queue',
    description: 'Show running and waiting tasks or the next ones; play or pause the queue.',
    actions: { status: 'queue.status', next: 'next', play: 'queue.play', pause: 'queue.pause' },
  },
  {
    name: 'plan',
    description: 'Create tasks from a plan, a specification, a template or another tool; export tasks.',
    actions: {
      apply: 'plan.apply',
      from_spec: 'plan.from-spec',
      import: 'import',
      export: 'export',
      templates: 'template.list',
      template: 'template.show',
      apply_template: 'template.apply',
    },
  },
  {
    name: 'project',
    description: 'List, show or create projects; suggest improvements from earlier tasks.',
    actions: { list: 'project.list', show: 'project.show', create: 'project.create', insights: 'insights' },
  },
];

/** The groups of the set `person`; an operation without a group is a separate tool. */
export function personGroups(): ToolGroup[] {
  return [...groups, ...single((name) => declarations[name].toolSets.some((set) => set === 'person'))];
}

/** Every operation: those of the set `person` in their groups, each other one as a separate tool. */
export function allGroups(): ToolGroup[] {
  return [...groups, ...single(() => true)];
}

function single(isOffered: (name: OperationName) => boolean): ToolGroup[] {
  const grouped = new Set(groups.flatMap(({ actions }) => Object.values(actions)));
  const names = Object.keys(declarations) as OperationName[];
  return names
    .filter((name) => !grouped.has(name) && isOffered(name))
    .map((name) => ({
      name: name.replaceAll(/[.-]/g, '_'),
      description: declarations[name].summary,
      actions: { run: name },
    }));
}
