import type { FoundTasks } from './found-tasks.ts';
import { pageOf, type RecordPage, selectTasks, type TaskQuery } from './task-query.ts';
import type { VersionedView } from './view.ts';

/** Lists that are asked for again and again: of each face its view, a few filters, the pages of a list. */
const LISTS = 16;

/**
 * Remembers what queries found, for as long as nothing in the store changes: the next page of a list, and the same list
 * once more, cost no search. What is found depends on the query and the tasks alone, never on the time, so that the
 * count of changes is all there is to look at.
 */
export class QueryCache {
  private readonly view: VersionedView;
  private readonly lists = new Map<string, FoundTasks>();
  private version = -1;

  constructor(view: VersionedView) {
    this.view = view;
  }

  query(query: TaskQuery): RecordPage {
    if (this.version !== this.view.version) {
      this.lists.clear();
      this.version = this.view.version;
    }
    const { limit: _, page: __, cursor: ___, ...list } = query;
    const key = JSON.stringify(list);
    const found = this.lists.get(key) ?? selectTasks(this.view, query);
    // The one that was used last goes to the end; the first one is forgotten.
    this.lists.delete(key);
    this.lists.set(key, found);
    if (this.lists.size > LISTS) for (const oldest of [...this.lists.keys()].slice(0, 1)) this.lists.delete(oldest);
    return pageOf(found, query);
  }
}
