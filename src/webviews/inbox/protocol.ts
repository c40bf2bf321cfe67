/** What the inbox and the extension say to each other, as plain data. What the page says is parsed: it is not trusted. */

/** A line of a change, as a person reads it. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'gap';
  readonly text: string;
}

/** A change of one file, cut to what fits on a card. */
export interface CardDiff {
  readonly path: string;
  readonly lines: readonly DiffLine[];
  /** Lines that are not shown. */
  readonly more: number;
  /** Lines of which only the beginning is shown. */
  readonly long: number;
}

/** A request that waits for a person, safe to show. */
export interface Card {
  /** Names the request among all of the window; means nothing to the page. */
  readonly key: string;
  /** `#3 Raise the limit`. */
  readonly task: string;
  /** Agent, kind of request, and the folder where there are several: `CODEX · edit`. */
  readonly about: string;
  readonly title: string;
  readonly requestedAt: string;
  readonly kind: 'gate' | 'tool' | 'merge' | 'budget' | 'feedback';
  /** What would be run, or the question. */
  readonly text?: string;
  /** Characters of the text that are not shown. */
  readonly moreText: number;
  readonly diffs: readonly CardDiff[];
  /** Files whose text is not shown: of a change of many, or where the agent tells no more than their names. */
  readonly files: readonly string[];
  /** Files that are not even named. */
  readonly moreFiles: number;
}

/** Texts of the page, in the language of the editor. */
export type Words = Readonly<Record<WordKey, string>>;

export const wordKeys = [
  'empty',
  'restricted',
  'trust',
  'list',
  'selectAll',
  'select',
  'approve',
  'approveForTask',
  'remember',
  'writeRule',
  'reject',
  'answer',
  'open',
  'back',
  'reason',
  'context',
  'noContext',
  'approveSelected',
  'rejectSelected',
  'waiting',
  'more',
  'added',
  'removed',
  'moreLines',
  'longLines',
  'moreText',
  'moreFiles',
  'approveKeys',
  'rejectKeys',
  'openKeys',
] as const;

export type WordKey = (typeof wordKeys)[number];

export type Decision = 'approve' | 'approveForTask' | 'remember' | 'reject';

export type ToPage =
  | {
      readonly type: 'cards';
      readonly cards: readonly Card[];
      /** Requests that are not shown, because there are so many. */
      readonly more: number;
      readonly trusted: boolean;
      readonly words: Words;
    }
  /** What remembering would write, as a sentence, with what names it; or why it cannot be. */
  | {
      readonly type: 'rule';
      readonly key: string;
      readonly text?: string;
      readonly shown?: string | undefined;
      readonly reason?: string;
    }
  | { readonly type: 'context'; readonly key: string; readonly lines: readonly string[] }
  /** What came of something, to be shown and spoken. `keys` are open again when it failed. */
  | { readonly type: 'said'; readonly words: string; readonly failed: boolean; readonly keys: readonly string[] };

export type FromPage =
  | { readonly type: 'ready' }
  | {
      readonly type: 'decide';
      readonly keys: readonly string[];
      readonly decision: Decision;
      readonly reason?: string | undefined;
      /** Names the rule that the card shows, which is written with the decision. */
      readonly shown?: string | undefined;
    }
  | { readonly type: 'rule' | 'context' | 'open' | 'answer'; readonly key: string }
  | { readonly type: 'trust' };
