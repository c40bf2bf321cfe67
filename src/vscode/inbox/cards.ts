import { pathWithin } from '../../core/text/path-within.ts';
import { sanitizeLine, sanitizeText } from '../../core/text/sanitize.ts';
import type { Card } from '../../webviews/inbox/protocol.ts';
import type { PendingApproval } from '../folders/pending-approvals.ts';
import { kindWord } from '../present/approval-row.ts';
import { cardDiff } from './card-diff.ts';

/** More are counted, not drawn: nobody reads a thousand cards, and deciding makes room. */
export const SHOWN_CARDS = 100;
const TEXT = 4_000;
const DIFFS = 5;

/** Names a request among all of the window. */
export function keyOf({ folder, task, approval }: PendingApproval): string {
  return JSON.stringify([folder.path, task.id, approval.id]);
}

/** `several`: there are several folders, so that each card names its own. */
export function cardOf(request: PendingApproval, several: boolean): Card {
  const { folder, task, approval } = request;
  const { diffs = [] } = approval.detail ?? {};
  const text = textOf(request);
  return {
    key: keyOf(request),
    task: `#${task.number} ${sanitizeLine(task.title)}`,
    about: [task.tool, kindWord(approval), ...(several ? [sanitizeLine(folder.name)] : [])].join(' · '),
    title: sanitizeLine(approval.title),
    requestedAt: approval.requested_at,
    kind: approval.kind,
    ...(text === undefined ? {} : { text: cut(visible(text)) }),
    diffs: diffs
      .slice(0, DIFFS)
      .map(({ path, oldText = '', newText }) =>
        cardDiff(sanitizeLine(pathWithin(path, folder.path)), visible(oldText), visible(newText)),
      ),
  };
}

/** What would be done, in the words that it would be done with. */
function textOf({ task, approval }: PendingApproval): string | undefined {
  const { command, question, diffs, input } = approval.detail ?? {};
  if (command !== undefined) return command;
  if (question !== undefined) return question;
  if (approval.kind === 'gate') return task.instructions ?? task.description;
  if ((diffs?.length ?? 0) > 0 || input === undefined) return undefined;
  return JSON.stringify(input, undefined, 2);
}

/** Characters that do something when they are drawn are shown as what they are: the person must see what they approve. */
function visible(text: string): string {
  const shown = text
    .replaceAll('\r\n', '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, (character) => {
      return `\\u{${character.codePointAt(0)?.toString(16).padStart(4, '0')}}`;
    });
  return sanitizeText(shown);
}

function cut(text: string): string {
  return text.length > TEXT ? `${text.slice(0, TEXT)}…` : text;
}
