import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { OperationName } from '../operations/declarations.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { ResourceAddress } from './resources/uri.ts';
import type { ToolGroup } from './tools/groups.ts';

/** Operations on named tasks. All others show or change more than one task and its parts. */
const offered = new Set<OperationName>([
  'task.create',
  'task.show',
  'task.logs',
  'task.usage',
  'task.history',
  'task.update',
  'task.note',
  'task.start',
  'task.restart',
  'task.pause',
  'task.resume',
  'task.follow-up',
  'task.checkpoint',
  'task.checkpoints',
  'task.complete',
  'task.cancel',
  'task.diff',
  'task.merge',
  'task.approve',
  'task.reject',
  'task.answer',
]);

/** Keys that name one task or several. */
const references = ['task', 'tasks', 'parentTask', 'dependsOn'] as const;
/** Keys that reach tasks without naming them, or several of them. */
const wide = ['filter', 'more', 'withDependencies'] as const;

type Input = Readonly<Record<string, unknown>>;

/** One task with its parts of any depth: a server with this scope neither shows nor changes another task. */
export class TaskScope {
  private readonly store: TaskStore;
  private readonly root: string;

  /** @throws TaskError `TaskNotFound` */
  constructor(store: TaskStore, task: string) {
    this.store = store;
    this.root = store.resolve(task).id;
  }

  /** The task and its parts, each parent before its parts. */
  tasks(): TaskRecord[] {
    const { view } = this.store;
    const root = view.byId(this.root);
    const found = new Set(root === undefined ? [] : [root]);
    // It grows while it is walked.
    for (const task of found) for (const part of view.children(task.id)) found.add(part);
    return [...found];
  }

  /** The groups without operations that reach other tasks. */
  groups(groups: readonly ToolGroup[]): ToolGroup[] {
    return groups.flatMap((group) => {
      const actions = Object.entries(group.actions).filter(([, name]) => offered.has(name));
      return actions.length === 0 ? [] : [{ ...group, actions: Object.fromEntries(actions) }];
    });
  }

  /**
   * The input of an operation, with ids in the place of all names of tasks. A new task becomes a part.
   *
   * @throws TaskError `ToolPermissionDenied` for a task outside of the scope
   */
  input(operation: OperationName, input: Input): Input {
    const key = wide.find((each) => input[each] !== undefined && input[each] !== false);
    if (key !== undefined) throw outside(`"${key}" reaches other tasks`);
    const own = operation === 'task.create' && input.parentTask === undefined ? { parentTask: this.root } : {};
    const named = references.flatMap((each) => (input[each] === undefined ? [] : [[each, this.ids(input[each])]]));
    return { ...input, ...own, ...Object.fromEntries(named) };
  }

  /** True for the list and for resources of tasks in the scope. */
  includes(address: ResourceAddress): boolean {
    return address.kind === 'list' || (address.kind === 'task' && this.find(address.task) !== undefined);
  }

  private ids(named: unknown): unknown {
    if (Array.isArray(named)) return named.map((each) => this.ids(each));
    const found = this.find(named);
    // The same answer for a missing task: a client does not learn which tasks exist.
    if (found === undefined) throw outside(`"${String(named).slice(0, 100)}" is not one of its tasks`);
    return found.id;
  }

  private find(named: unknown): TaskRecord | undefined {
    const name = String(named);
    return this.tasks().find(({ id, number }) => id === name || String(number) === name);
  }
}

function outside(reason: string): TaskError {
  return new TaskError('ToolPermissionDenied', `This server serves one task and its parts: ${reason}.`, {
    next: [textStep('Read task://list for its tasks.')],
  });
}
