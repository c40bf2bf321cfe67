import { columnOf, columns, isColumn } from '../../core/board/columns.ts';
import { firstOf } from '../../core/first-of.ts';
import { partsDone } from '../../core/graph/parts.ts';
import type { Need } from '../../core/task/needs.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import type { Board, Wish } from '../../webviews/board/protocol.ts';
import { folderStanding } from '../folders/folder-standing.ts';
import type { NeedingTasks } from '../folders/needing-tasks.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { groupWord } from '../present/words.ts';
import { type GroupKey, needsYou } from '../tree/groups.ts';
import { SortedGroups } from '../tree/sorted-groups.ts';
import { cardOf } from './card.ts';
import type { ChangeCounts } from './change-counts.ts';

/** Cards of a column at first. */
export const FIRST_CARDS = 40;

interface BoardInput {
  /** Undefined if no folder of the window has tasks. */
  readonly folder: Pick<TaskFolder, 'host' | 'isPlaying' | 'path'> | undefined;
  readonly wish: Wish;
  readonly needing: Pick<NeedingTasks, 'of'>;
  readonly changes: Pick<ChangeCounts, 'of'>;
  readonly trusted: boolean;
  readonly now: number;
  /** Turns an error into the sentences that the page shows. */
  readonly describe: (error: unknown) => string;
}

/** The columns of a folder with their first cards. A filter that cannot be used shows all tasks and the reason. */
export function boardOf(input: BoardInput): Omit<Board, 'folders' | 'trusted'> {
  const { folder, wish, now } = input;
  const view = folder?.host?.store.view;
  if (folder === undefined || view === undefined) {
    return { wish, playing: false, problem: '', total: 0, columns: [] };
  }
  const standingOf = (task: TaskRecord): Standing => folderStanding(folder, task, now);
  const facts = {
    view,
    needing: () => input.needing.of(folder as TaskFolder),
    standingOf,
    columnOf: (task: TaskRecord, need: Need | undefined) => columnOf(task, need, folder.isPlaying),
  };
  const { groups, problem } = groupsOf(facts, wish, input.describe);
  const counts = groups.counts();
  const keys: GroupKey[] = wish.group === 'status' ? [...columns] : [...counts.keys()];
  return {
    wish: { ...wish, folder: folder.path },
    playing: folder.isPlaying,
    problem,
    total: view.size,
    columns: keys.map((key) => {
      const count = counts.get(key) ?? 0;
      const limit = wish.limits[key] ?? FIRST_CARDS;
      const tasks = count === 0 ? [] : firstOf(groups.tasks(key), limit, groups.order(key));
      const cards = tasks.map((task) =>
        cardOf({
          task,
          view,
          row: { now, standing: standingOf(task), parts: partsDone(task.id, (id) => view.children(id)) },
          trusted: input.trusted,
          withStatus: !isColumn(key) || (key === needsYou && task.status !== 'in_progress'),
          changes: input.changes.of(folder as TaskFolder, task, input.trusted),
        }),
      );
      return { key, name: groupWord(key), count, cards };
    }),
  };
}

function groupsOf(
  facts: ConstructorParameters<typeof SortedGroups>[0],
  { group, filter }: Wish,
  describe: BoardInput['describe'],
): { groups: SortedGroups; problem: string } {
  try {
    return { groups: new SortedGroups(facts, { group, sort: 'default', filter }), problem: '' };
  } catch (error) {
    return { groups: new SortedGroups(facts, { group, sort: 'default', filter: '' }), problem: describe(error) };
  }
}
