import { checkDependencies, checkParent } from '../../core/graph/dependencies.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { InputOf } from '../../operations/all.ts';
import { l10n } from '../present/l10n.ts';
import { priorityWord } from '../present/task-row.ts';

/** An effect of dropping tasks on another task. */
export interface PlaceChoice {
  readonly label: string;
  readonly description: string;
  /** The change of each dropped task; `wait` adds the other task to the dependencies that it has then. */
  readonly change: 'wait' | Omit<InputOf<'task.update'>, 'task'>;
}

/** The changes that dropping tasks on another one can mean, without those that are impossible or change nothing. */
export function placeChoices(
  tasks: readonly TaskRecord[],
  onto: TaskRecord,
  find: (id: string) => TaskRecord | undefined,
): PlaceChoice[] {
  const title = sanitizeLine(onto.title);
  const choices: PlaceChoice[] = [];
  const fits = (check: (task: TaskRecord) => void): boolean => tasks.every((task) => passes(() => check(task)));
  if (
    tasks.some(({ depends_on }) => !depends_on.includes(onto.id)) &&
    fits((task) => checkDependencies(task, [...task.depends_on, onto.id], find))
  ) {
    choices.push({ label: l10n.t('Wait for #{0}', onto.number), description: title, change: 'wait' });
  }
  if (tasks.some(({ parent_id }) => parent_id !== onto.id) && fits((task) => checkParent(task, onto.id, find))) {
    const change = { parentTask: onto.id };
    choices.push({ label: l10n.t('Make a Part of #{0}', onto.number), description: title, change });
  }
  if (tasks.some(({ priority }) => priority !== onto.priority)) {
    const change = { priority: onto.priority };
    choices.push({
      label: l10n.t('Take the Priority of #{0}', onto.number),
      description: priorityWord(onto.priority),
      change,
    });
  }
  return choices;
}

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
