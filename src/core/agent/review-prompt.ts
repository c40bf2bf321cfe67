/** A comment of a person on lines of a changed file. */
export interface LineComment {
  /** Path in the repository. */
  readonly file: string;
  /** Line numbers from 1, both inclusive. */
  readonly first: number;
  readonly last: number;
  /** True for lines of the version before the change. */
  readonly before: boolean;
  /** The first line as the person saw it. */
  readonly code: string;
  readonly text: string;
}

/** One prompt with all comments, each with its file and lines. The comments of a file are together, in their order. */
export function reviewPrompt(comments: readonly LineComment[], reason?: string): string {
  const head =
    reason ??
    `A person reviewed your changes and left ${comments.length === 1 ? 'a comment' : `${comments.length} comments`}. Address each one.`;
  const files = [...new Set(comments.map(({ file }) => file))];
  const sorted = [...comments].sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.first - b.first);
  return [head, ...sorted.map(written)].join('\n\n');
}

function written({ file, first, last, before, code, text }: LineComment): string {
  const lines = first === last ? `${first}` : `${first}-${last}`;
  const place = `${file}:${lines}${before ? ' (before your change)' : ''}`;
  return [place, ...(code.trim() === '' ? [] : [`> ${code.trim()}`]), text.trim()].join('\n');
}
