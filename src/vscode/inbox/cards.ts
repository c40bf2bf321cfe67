import { orderOf } from '../../core/agent/prompt.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { pathWithin } from '../../core/text/path-within.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visible } from '../../core/text/visible.ts';
import { requestDigest } from '../../operations/approval/request-digest.ts';
import type { Card } from '../../webviews/inbox/protocol.ts';
import type { PendingApproval } from '../folders/pending-approvals.ts';
import { kindWord } from '../present/approval-row.ts';
import { cardDiff } from './card-diff.ts';

/** More are counted, not drawn: nobody reads a thousand cards, and deciding makes room. */
export const SHOWN_CARDS = 100;
const TEXT = 4_000;
const DIFFS = 5;
const FILES = 20;

/**
 * Names a request among all of the window, as it is shown: instructions can be changed while a gate waits, and a card
 * that shows the old ones must not start the new ones.
 */
export function keyOf({ folder, task, approval }: PendingApproval): string {
  return JSON.stringify([folder.path, task.id, approval.id, requestDigest(task, approval)]);
}

/** Records do not change: a card is made once for each state of its task, however often the inbox is drawn. */
const made = new WeakMap<TaskRecord, Map<string, Card>>();

/** `several`: there are several folders, so that each card names its own. */
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
  const named = (path: string): string => visible(sanitizeLine(pathWithin(path, folder.path)));
  return {
    key: keyOf(request),
    task: `#${task.number} ${sanitizeLine(task.title)}`,
    about: [task.tool, kindWord(approval), ...(several ? [sanitizeLine(folder.name)] : [])].join(' · '),
    title: sanitizeLine(approval.title),
    requestedAt: approval.requested_at,
    kind: approval.kind,
    ...(shown === undefined ? {} : { text: cut(shown) }),
    moreText: Math.max(0, (shown?.length ?? 0) - TEXT),
    diffs: diffs
      .slice(0, DIFFS)
      .map(({ path, oldText = '', newText }) => cardDiff(named(path), ...sides(oldText, newText))),
    // Those whose text is not shown are named at least.
    files: [...diffs.slice(DIFFS).map(({ path }) => path), ...(diffs.length === 0 ? files : [])]
      .slice(0, FILES)
      .map(named),
    moreFiles: Math.max(0, (diffs.length === 0 ? files.length : diffs.length - DIFFS) - FILES),
  };
}

/** What would be done, in the words that it would be done with. */
function textOf({ task, approval }: PendingApproval): string | undefined {
  const { command, question, diffs, input } = approval.detail ?? {};
  if (command !== undefined) return command;
  if (question !== undefined) return question;
  if (approval.kind === 'gate') return orderOf(task);
  if ((diffs?.length ?? 0) > 0 || input === undefined) return undefined;
  return JSON.stringify(input, undefined, 2);
}

/** Line ends of Windows are no news where all are; where some are, or where they come or go, they are shown. */
function sides(oldText: string, newText: string): [string, string] {
  const same = [oldText, newText].every((text) => !/(?<!\r)\n/.test(text));
  return same
    ? [visible(oldText.replaceAll('\r\n', '\n')), visible(newText.replaceAll('\r\n', '\n'))]
    : [visible(oldText), visible(newText)];
}

function cut(text: string): string {
  return text.length > TEXT ? `${text.slice(0, TEXT)}…` : text;
}
