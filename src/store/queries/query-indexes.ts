import type { TaskFilter } from '../../core/task/filter.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { SortOrder } from '../../core/task/sort.ts';
import type { VersionedView } from '../journal/view.ts';
import { TitleOrder } from './title-order.ts';
import { ViewMirror } from './view-mirror.ts';
import { WordSignatures } from './word-signatures.ts';

/** The part of a query that an index can answer. */
interface ListOrder {
  readonly filter?: TaskFilter | undefined;
  readonly sort?: string | undefined;
  readonly order?: SortOrder | undefined;
  readonly includeArchived?: boolean | undefined;
}

/** Below this number of tasks, checking each of them is as fast. */
const MIN_TASKS = 2_000;

/**
 * Indexes for lists by title and for searches. Creating one costs several searches, so each is created for the second
 * query that needs it: a command that lists once never needs one. From then on it is updated.
 */
export class QueryIndexes {
  private readonly view: VersionedView;
  private readonly minTasks: number;
  private readonly titles = new TitleOrder();
  private readonly words = new WordSignatures();
  private readonly titleMirror: ViewMirror;
  private readonly wordMirror: ViewMirror;
  private readonly needed = new Set<'title' | 'words'>();

  constructor(view: VersionedView, minTasks = MIN_TASKS) {
    this.view = view;
    this.minTasks = minTasks;
    this.titleMirror = new ViewMirror(view, this.titles);
    this.wordMirror = new ViewMirror(view, this.words);
  }

  /** Bytes that the indexes take. */
  get bytes(): number {
    return this.titles.bytes + this.words.bytes;
  }

  /** All tasks in the order of a query without a filter; undefined if there is no index for it. */
  sorted({ filter = {}, sort, order, includeArchived }: ListOrder): readonly TaskRecord[] | undefined {
    if (includeArchived === true) return undefined;
    if (sort !== 'title' && sort !== '-title') return undefined;
    if (Object.values(filter).some((value) => value !== undefined) || !this.isWorth('title')) return undefined;
    this.titleMirror.refresh();
    const tasks = this.titles.sorted();
    const descending = sort === '-title' || order === 'desc';
    return descending ? byTitleDescending(tasks) : tasks;
  }

  /** Every task that a search finds, and some that it does not; undefined if there is no index for it. */
  mentioning(search: string | undefined): TaskRecord[] | undefined {
    if (search === undefined || !this.isWorth('words')) return undefined;
    this.wordMirror.refresh();
    return this.words.candidates(search);
  }

  private isWorth(index: 'title' | 'words'): boolean {
    if (this.view.size < this.minTasks) return false;
    if (this.needed.has(index)) return true;
    this.needed.add(index);
    return false;
  }
}

/** Tasks with equal titles are sorted by number. */
function byTitleDescending(tasks: readonly TaskRecord[]): TaskRecord[] {
  const turned: TaskRecord[] = [];
  for (let end = tasks.length; end > 0; ) {
    let start = end - 1;
    while (start > 0 && tasks[start - 1]?.title === tasks[start]?.title) start -= 1;
    for (let index = start; index < end; index += 1) turned.push(tasks[index] as TaskRecord);
    end = start;
  }
  return turned;
}
