/** The file mention that ends at a position of a text: where its `@` is, and the characters after it. */
export function mentionAt(
  text: string,
  position: number,
): { readonly start: number; readonly query: string } | undefined {
  const found = /(?:^|[\s(["'])@([\w./-]*)$/.exec(text.slice(0, position));
  if (found === null) return undefined;
  const query = found[1] ?? '';
  return { start: position - query.length - 1, query };
}

/** The text with the mention of a path in place of the one that ends at a position, and the position after it. */
export function withMention(text: string, position: number, path: string): { text: string; position: number } {
  const mention = mentionAt(text, position);
  if (mention === undefined) return { text, position };
  const before = `${text.slice(0, mention.start)}@${path} `;
  return { text: before + text.slice(position).replace(/^ /, ''), position: before.length };
}
