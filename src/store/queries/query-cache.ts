import type { TaskRecord } from '../../core/task/schema.ts';
import type { VersionedView } from '../journal/view.ts';
import type { FoundTasks } from './found-tasks.ts';
import { QueryIndexes } from './query-indexes.ts';
import { matcherOf, pageOf, type RecordPage, selectTasks, type TaskQuery } from './task-query.ts';

/** Lists that are asked for again and again: of each face its view, a few filters, the pages of a list. */
const LISTS = 16;

interface Remembered {
  readonly found: FoundTasks;
  readonly isIn: (task: TaskRecord) => boolean;
  /** The version of the view that it was last compared with. */
  version: number;
}

/**
 * Caches query results until a task changes that is in the list or enters it: the next page, or the same list again,
 * costs no search, even while other tasks change. A result depends on the query and the tasks alone, never on the time.
 */
export class QueryCache {
  private readonly view: VersionedView;
  private readonly indexes: QueryIndexes;
  private readonly lists = new Map<string, Remembered>();

  constructor(view: VersionedView) {
    this.view = view;
    this.indexes = new QueryIndexes(view);
  }

  query(query: TaskQuery): RecordPage {
    const { limit: _, page: __, cursor: ___, ...list } = query;
    const key = JSON.stringify(list);
    const remembered = this.current(key) ?? this.search(query);
    // The last used entry moves to the end; the first one is dropped.
    this.lists.delete(key);
    this.lists.set(key, remembered);
    if (this.lists.size > LISTS) for (const oldest of [...this.lists.keys()].slice(0, 1)) this.lists.delete(oldest);
    return pageOf(remembered.found, query);
  }

  private current(key: string): Remembered | undefined {
    const { view } = this;
    const remembered = this.lists.get(key);
    if (remembered === undefined) return undefined;
    const changed = view.changedSince(remembered.version);
    remembered.version = view.version;
    return changed === undefined || changed.some(remembered.isIn) ? undefined : remembered;
  }

  private search(query: TaskQuery): Remembered {
    return { found: selectTasks(this.view, query, this.indexes), isIn: matcherOf(query), version: this.view.version };
  }
}
