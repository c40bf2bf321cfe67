import type { Need } from '../../core/task/needs.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { InboxItem } from '../../operations/approval/inbox.ts';
import type { Output } from '../terminal/output.ts';
import type { Tint } from '../terminal/style.ts';
import { age } from '../terminal/time.ts';
import { taskName } from './changed.ts';

const words: Readonly<Record<Need, readonly [title: string, tint: Tint]>> = {
  approval: ['asks', 'yellow'],
  question: ['has a question', 'yellow'],
  failure: ['failed', 'red'],
  limit: ['reached a limit', 'yellow'],
  blocked: ['is blocked', 'red'],
  review: ['to review', 'cyan'],
};

/** Everything that needs a person: one entry a task, each with the command that deals with it. */
export function inboxView(items: readonly InboxItem[], total: number, out: Pick<Output, 'style' | 'now'>): string {
  if (items.length === 0) return 'Nothing needs you.';
  const entries = items.map((item) => entryOf(item, out).join('\n'));
  if (total > items.length) entries.push(`${items.length} of ${total} tasks.`);
  return entries.join('\n');
}

function entryOf(item: InboxItem, { style, now }: Pick<Output, 'style' | 'now'>): string[] {
  const [word, tint] = words[item.need];
  const head = `${style(tint, word)}  ${taskName(item)}`;
  const requests = item.requests.map(
    ({ number, title, requested_at: at }) =>
      `  ${item.requests.length > 1 ? `request ${number}: ` : ''}${sanitizeLine(title)} (${age(at, now())})`,
  );
  const error = item.need === 'failure' && item.error !== undefined ? [`  ${sanitizeLine(item.error)}`] : [];
  return [head, ...requests, ...error, ...commandsFor(item).map((command) => style('dim', `  ${command}`))];
}

function commandsFor({ need, number, requests }: InboxItem): string[] {
  const request = requests.length > 1 ? ' --request N' : '';
  switch (need) {
    case 'approval':
      return [
        `systemprompt task approve ${number}${request}`,
        `systemprompt task reject ${number}${request} --reason "…"`,
      ];
    case 'question':
      return [`systemprompt task answer ${number} "…"${request}`];
    case 'failure':
      return [`systemprompt task logs ${number} --level warn`, `systemprompt task restart ${number}`];
    case 'limit':
      return [`systemprompt task usage ${number}`, `systemprompt task resume ${number}`];
    case 'blocked':
      return [`systemprompt task show ${number}`];
    case 'review':
      return [`systemprompt task diff ${number}`, `systemprompt task merge ${number}`];
  }
}
