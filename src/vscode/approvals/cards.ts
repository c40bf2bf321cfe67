import { orderOf } from '../../core/agent/order.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { shownWithin } from '../../core/task/work-path.ts';
import { pathWithin } from '../../core/text/path-within.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visible } from '../../core/text/visible.ts';
import { requestDigest } from '../../operations/approval/request-digest.ts';
import type { Card } from '../../webviews/approvals/protocol.ts';
import type { PendingApproval } from '../folders/pending-approvals.ts';
import { kindWord } from '../present/approval-row.ts';
import { l10n } from '../present/l10n.ts';
import { markupOf } from '../present/markup.ts';
import { cardDiff } from './card-diff.ts';
import { formFields } from './form-fields.ts';

/**
 * Further requests are counted and not drawn: a thousand cards are unreadable, and each decision moves the next ones
 * up.
 */
export const SHOWN_CARDS = 100;
const TEXT = 4_000;
const DIFFS = 5;
const FILES = 20;

/**
 * Identifies a request in the window together with its content. Instructions can change while a gate waits, and a card
 * that shows the old instructions must not start the new ones.
 */
export function keyOf({ folder, task, approval }: PendingApproval): string {
  return JSON.stringify([folder.path, task.id, approval.id, requestDigest(task, approval)]);
}

/** Records are immutable: a card is created once per record, however often the page is drawn. */
const made = new WeakMap<TaskRecord, Map<string, Card>>();

/** `several`: the window has several folders, and each card names its own. */
export function cardOf(request: PendingApproval, several: boolean): Card {
  const { task, approval } = request;
  const known = made.get(task) ?? new Map<string, Card>();
  made.set(task, known);
  const name = `${approval.id} ${several}`;
  const card = known.get(name) ?? makeCard(request, several);
  known.set(name, card);
  return card;
}

function makeCard(request: PendingApproval, several: boolean): Card {
  const { folder, task, approval } = request;
  const { diffs = [], files = [] } = approval.detail ?? {};
  const text = textOf(request);
  const shown = text === undefined ? undefined : visible(text.replaceAll('\r\n', '\n'));
  const named = (path: string): string => visible(sanitizeLine(pathWithin(path, shownWithin(folder.path, task))));
  return {
    key: keyOf(request),
    task: `#${task.number} ${sanitizeLine(task.title)}`,
    about: [
      task.tool,
      kindWord(approval),
      ...(several ? [sanitizeLine(folder.name)] : []),
      ...(approval.detail?.redacted === true ? [l10n.t('a part is redacted')] : []),
    ].join(' · '),
    title: sanitizeLine(approval.title),
    requestedAt: approval.requested_at,
    kind: approval.kind === 'gate' || approval.kind === 'feedback' ? approval.kind : 'tool',
    ...(shown === undefined ? {} : { text: cut(shown) }),
    ...(shown === undefined || approval.kind !== 'feedback' ? {} : { markup: markupOf(cut(shown)) }),
    fields: formFields(approval),
    moreText: Math.max(0, (shown?.length ?? 0) - TEXT),
    diffs: diffs
      .slice(0, DIFFS)
      .map(({ path, oldText = '', newText }) => cardDiff(named(path), ...sides(oldText, newText))),
    // Files without a shown diff are listed by name.
    files: [...diffs.slice(DIFFS).map(({ path }) => path), ...(diffs.length === 0 ? files : [])]
      .slice(0, FILES)
      .map(named),
    moreFiles: Math.max(0, (diffs.length === 0 ? files.length : diffs.length - DIFFS) - FILES),
  };
}

/** The command, the question, the instructions or the raw input of a request. */
function textOf({ task, approval }: PendingApproval): string | undefined {
  const { command, question, diffs, input } = approval.detail ?? {};
  if (command !== undefined) return command;
  if (question !== undefined) return question;
  if (approval.kind === 'gate') return orderOf(task);
  if ((diffs?.length ?? 0) > 0 || input === undefined) return undefined;
  return JSON.stringify(input, undefined, 2);
}

/** Windows line ends are shown only if a file mixes them with others, or if the change adds or removes them. */
function sides(oldText: string, newText: string): [string, string] {
  const same = [oldText, newText].every((text) => !/(?<!\r)\n/.test(text));
  return same
    ? [visible(oldText.replaceAll('\r\n', '\n')), visible(newText.replaceAll('\r\n', '\n'))]
    : [visible(oldText), visible(newText)];
}

function cut(text: string): string {
  return text.length > TEXT ? `${text.slice(0, TEXT)}…` : text;
}
