import { sanitizeText } from '../text/sanitize.ts';

/** Characters of the lessons in a prompt. */
const LESSON_CHARS = 4_000;

/** The section "## Lessons" of notes in Markdown, without its heading. Undefined if it is missing or empty. */
export function lessonsIn(notes: string): string | undefined {
  const lines = notes.replace(/^\ufeff/, '').split(/\r?\n/);
  const start = lines.findIndex((line) => /^##\s+lessons\s*$/i.test(line));
  if (start < 0) return undefined;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^##?\s/.test(line));
  const text = sanitizeText((end < 0 ? rest : rest.slice(0, end)).join('\n')).trim();
  if (text === '') return undefined;
  return text.length <= LESSON_CHARS ? text : `${text.slice(0, LESSON_CHARS - 1).trimEnd()}…`;
}
