import type { TaskRecord } from '../../core/task/schema.ts';
import type { Related } from '../../webviews/task/protocol.ts';
import { folderStanding } from '../folders/folder-standing.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { l10n } from '../present/l10n.ts';
import { statusWord } from '../present/words.ts';
import { shownTitle } from './shown-text.ts';

/** Tasks of one list that the page shows. */
const SHOWN = 200;
const DEPTH = 10;

/** The parts of a task as a tree, its parent, its dependencies and its dependents. */
export function relatedTasks(folder: TaskFolder, task: TaskRecord, now: number): Related[] {
  const view = folder.host?.store.view;
  if (view === undefined) return [];
  const list = (title: string, tasks: Iterable<TaskRecord>, field?: Related['field']): Related => {
    const all = [...tasks];
    const shown = all.slice(0, SHOWN).map((each) => rowOf(folder, each, now, 1));
    return { title, tasks: shown, more: all.length - shown.length, ...(field === undefined ? {} : { field }) };
  };
  const parts = treeOf(view, task);
  const parent = task.parent_id === undefined ? undefined : view.byId(task.parent_id);
  return [
    {
      title: l10n.t('Parts'),
      tasks: parts.slice(0, SHOWN).map(({ part, depth }) => rowOf(folder, part, now, depth)),
      more: Math.max(0, parts.length - SHOWN),
    },
    list(l10n.t('Parent'), parent === undefined ? [] : [parent], 'parentTask'),
    list(
      l10n.t('Depends on'),
      task.depends_on.flatMap((id) => view.dependency(id) ?? []),
      'dependsOn',
    ),
    list(l10n.t('Needed by'), view.dependents(task.id)),
  ];
}

function treeOf(
  view: { children(id: string): Iterable<TaskRecord> },
  task: TaskRecord,
): { part: TaskRecord; depth: number }[] {
  const found: { part: TaskRecord; depth: number }[] = [];
  const add = (parent: TaskRecord, depth: number): void => {
    if (depth > DEPTH) return;
    for (const part of [...view.children(parent.id)].sort((a, b) => a.number - b.number)) {
      found.push({ part, depth });
      add(part, depth + 1);
    }
  };
  add(task, 1);
  return found;
}

function rowOf(folder: TaskFolder, task: TaskRecord, now: number, depth: number): Related['tasks'][number] {
  return {
    id: task.id,
    label: `#${task.number} ${shownTitle(task)}`,
    status: statusWord(task.status),
    mark: folderStanding(folder, task, now).kind,
    depth,
  };
}
