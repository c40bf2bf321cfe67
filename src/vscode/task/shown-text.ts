import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visible } from '../../core/text/visible.ts';
import type { Editable } from '../../webviews/task/protocol.ts';

/** A text as the page shows it: characters that do not print appear as their codes. */
export function shownText(text: string): string {
  return visible(text.replaceAll('\r\n', '\n'));
}

/** A title as the page shows it, in one line. */
export function shownTitle({ title }: TaskRecord): string {
  return visible(sanitizeLine(title));
}

/** The value of an editable field as the page shows it, which is also the value that an edit starts from. */
export function shownField(task: TaskRecord, field: Editable): string {
  if (field === 'title') return shownTitle(task);
  if (field === 'acceptance')
    return task.acceptance_criteria.map((each) => shownText(each).replaceAll('\n', ' ')).join('\n');
  return shownText(task[field] ?? '');
}
