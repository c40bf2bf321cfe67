import { firstOf } from '../../../core/first-of.ts';
import type { TaskRecord } from '../../../core/task/schema.ts';
import type { TaskFolder } from '../../folders/task-folder.ts';
import { l10n } from '../../present/l10n.ts';
import { statusWord } from '../../present/words.ts';
import { askChoice } from '../../quick/input.ts';
import { pickMany } from '../../quick/pick-many.ts';
import { shownTitle } from '../shown-text.ts';

/** Tasks that the list offers, the newest first; the chosen ones come before them. */
const OFFERED = 5_000;

interface Picking {
  readonly folder: TaskFolder;
  readonly id: string | undefined;
}

/** Asks for other tasks of the folder. Undefined if the person cancels. */
export async function pickTasks(
  { folder, id }: Picking,
  title: string,
  selected: readonly string[],
  many: boolean,
): Promise<string[] | undefined> {
  const { view } = (await folder.ready()).store;
  const chosen = selected.flatMap((each) => view.byId(each) ?? []);
  const others = firstOf(view.all(), OFFERED, (a, b) => b.number - a.number).filter(
    (task) => task.id !== id && !selected.includes(task.id),
  );
  const items = [...chosen, ...others].map(itemOf);
  if (many) {
    const question = { placeholder: l10n.t('Choose tasks (type to search)'), items, selected, free: false };
    const answer = await pickMany({ title }, question);
    return Array.isArray(answer) ? answer : undefined;
  }
  const none = { label: l10n.t('None'), value: '' };
  const answer = await askChoice<string>(
    { title },
    {
      placeholder: l10n.t('Choose a task (type to search)'),
      choices: Promise.resolve([none, ...items]),
      selected: (value) => selected.includes(value),
    },
  );
  if (typeof answer !== 'string') return undefined;
  return answer === '' ? [] : [answer];
}

function itemOf(task: TaskRecord): { label: string; description: string; value: string } {
  return { label: `#${task.number} ${shownTitle(task)}`, description: statusWord(task.status), value: task.id };
}
