import { sanitizeText } from '../../core/text/sanitize.ts';

/**
 * Text of tasks and agents as literal Markdown: escapes every character with a meaning in Markdown (also `:` and `@`,
 * which form links) and keeps line breaks.
 */
export function plainMarkdown(text: string): string {
  return sanitizeText(text)
    .replace(/[!-/:-@[-`{-~]/g, '\\$&')
    .replace(/\n/g, '  \n');
}

/** The beginning of a text, cut at a limit of characters. */
export function excerpt(text: string, limit: number): string {
  const trimmed = text.trim();
  return trimmed.length > limit ? `${trimmed.slice(0, limit).trimEnd()}…` : trimmed;
}

/**
 * Text for a message or a progress title. The editor makes links of `[label](command:…)` there, so text that is not
 * ours must not be able to write one.
 */
export function plainMessage(text: string): string {
  return sanitizeText(text)
    .replace(/\s+/g, ' ')
    .replace(/\](?=\()/g, ']\u200b')
    .trim();
}
