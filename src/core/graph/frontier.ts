import type { TaskRecord } from '../task/schema.ts';
import { OrderedHeap } from './ordered-heap.ts';
import { Urgency } from './urgency.ts';

/** The tasks in their current state, as the frontier sees them. */
export interface FrontierTasks {
  find(id: string): TaskRecord | undefined;
  /** Tasks that depend on this one, whether it exists or not. */
  dependents(id: string): Iterable<TaskRecord>;
  /** True if the task is ready; must depend only on the task and `isDone` of its dependencies. */
  isReady(task: TaskRecord): boolean;
  /** True when its dependents no longer wait for it. */
  isDone(id: string): boolean;
}

/**
 * Longer chains count as this long. The limit bounds the cost of a new dependency at the end of a very long chain, and
 * ends the traversal of cycles in files of other programs.
 */
export const MAX_CHAIN = 1_000;

interface Ready {
  readonly task: TaskRecord;
  readonly urgency: number;
  readonly chain: number;
}

/**
 * The ready tasks in order: the most urgent, then the longest chain of dependents, then the oldest. Updated
 * incrementally: the cost of a change depends on the neighbours of the task, not on the number of all tasks.
 */
export class Frontier {
  private readonly tasks: FrontierTasks;
  private readonly ready = new OrderedHeap<Ready>(before);
  /** Dependencies that the chains below stand for. */
  private readonly edges = new Map<string, readonly string[]>();
  /** Tasks in the longest chain of dependents; missing for 0. */
  private readonly chains = new Map<string, number>();
  private readonly done = new Set<string>();
  private readonly touched = new Map<string, number>();
  private readonly urgency: Urgency;

  constructor(tasks: FrontierTasks) {
    this.tasks = tasks;
    this.urgency = new Urgency(tasks, (id) => this.reorder(id));
  }

  /** Marks a new, changed or deleted task for a lazy update. */
  touch(id: string, number: number): void {
    this.touched.set(id, number);
  }

  /** The first `count` matching tasks in order. */
  take(count: number, fits: (task: TaskRecord) => boolean = () => true): TaskRecord[] {
    this.settle();
    return this.ready.take(count, ({ task }) => fits(task)).map(({ task }) => task);
  }

  /** Number of tasks. */
  get size(): number {
    this.settle();
    return this.ready.size;
  }

  private settle(): void {
    if (this.touched.size === 0) return;
    // Starts with the youngest: each chain is counted once if tasks are younger than their dependencies.
    const ids = [...this.touched].sort(([, a], [, b]) => b - a);
    this.touched.clear();
    const again = new Set<string>();
    for (const [id] of ids) {
      this.relink(id);
      again.add(id);
      if (this.tasks.isDone(id) === this.done.has(id)) continue;
      if (!this.done.delete(id)) this.done.add(id);
      for (const dependent of this.tasks.dependents(id)) again.add(dependent.id);
    }
    for (const id of again) this.judge(id);
  }

  private judge(id: string): void {
    const task = this.tasks.find(id);
    if (task === undefined || !this.tasks.isReady(task)) this.ready.remove(id);
    else this.ready.put(id, { task, urgency: this.urgency.of(task), chain: this.chain(id) });
  }

  /** Puts a ready task into its new place. */
  private reorder(id: string): void {
    const task = this.ready.has(id) ? this.tasks.find(id) : undefined;
    if (task !== undefined) this.ready.put(id, { task, urgency: this.urgency.of(task), chain: this.chain(id) });
  }

  private chain(id: string): number {
    return this.chains.get(id) ?? 0;
  }

  private relink(id: string): void {
    const old = this.edges.get(id) ?? [];
    const now = this.tasks.find(id)?.depends_on ?? [];
    this.urgency.update(id, old, now);
    if (old === now) return;
    if (now.length === 0) this.edges.delete(id);
    else this.edges.set(id, now);
    const own = this.chain(id);
    const kept = new Set(now);
    for (const each of now) this.raise(each, own + 1);
    for (const each of old)
      if (!kept.has(each as TaskRecord['id']) && this.chain(each) === limited(own + 1)) this.recount(each);
  }

  /** A chain became at least so long. */
  private raise(id: string, length: number): void {
    const queue: [string, number][] = [[id, limited(length)]];
    // It grows while it is walked: level by level, so that no task is raised more often than there are lengths.
    for (const [at, chain] of queue) {
      if (chain <= this.chain(at)) continue;
      this.setChain(at, chain);
      for (const each of this.edges.get(at) ?? []) queue.push([each, limited(chain + 1)]);
    }
  }

  /** Counts a chain again after a change that may have shortened it, and every chain that contains it. */
  private recount(id: string): void {
    const queue = new Set([id]);
    for (const at of queue) {
      queue.delete(at);
      const before = this.chain(at);
      let chain = 0;
      for (const dependent of this.tasks.dependents(at)) chain = Math.max(chain, limited(this.chain(dependent.id) + 1));
      if (chain === before) continue;
      if (chain > before) {
        this.raise(at, chain);
        continue;
      }
      this.setChain(at, chain);
      for (const each of this.edges.get(at) ?? []) if (this.chain(each) === limited(before + 1)) queue.add(each);
    }
  }

  private setChain(id: string, chain: number): void {
    if (chain === 0) this.chains.delete(id);
    else this.chains.set(id, chain);
    this.reorder(id);
  }
}

function limited(chain: number): number {
  return Math.min(chain, MAX_CHAIN);
}

function before(a: Ready, b: Ready): number {
  return a.urgency - b.urgency || b.chain - a.chain || a.task.number - b.task.number;
}
