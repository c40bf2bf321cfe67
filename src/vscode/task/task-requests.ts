import { pendingApprovals } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Card } from '../../webviews/approvals/protocol.ts';
import type { TaskRequest } from '../../webviews/task/protocol.ts';
import { cardOf } from '../approvals/cards.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { l10n } from '../present/l10n.ts';

/** The pending requests of a task for its page, with all that a person must know to decide them there. */
export function taskRequests(folder: TaskFolder, task: TaskRecord): TaskRequest[] {
  return pendingApprovals(task).map((approval) => {
    const card = cardOf({ folder, task, approval }, false);
    const { key, title, about, markup, fields } = card;
    const text = textOf(card);
    return { key, title, about, ...(text === '' ? {} : { text }), ...(markup === undefined ? {} : { markup }), fields };
  });
}

/** The page draws no changes of files: it names the files, and a button shows the changes in the editor. */
function textOf({ text, moreText, diffs, files, moreFiles }: Card): string {
  return [
    ...(text === undefined ? [] : [text]),
    ...(moreText === 0 ? [] : [l10n.t('{0} more characters. Select Open to see all.', moreText)]),
    ...diffs.map(({ path }) => path),
    ...files,
    ...(moreFiles === 0 ? [] : [l10n.t('{0} more files. Select Open to see all.', moreFiles)]),
  ].join('\n');
}
