import { titleFrom } from '../task/create.ts';
import type { CodeNote, CodeSuggestion } from './suggestion.ts';

const weights: Readonly<Record<string, number>> = { FIXME: 0.75, HACK: 0.7, XXX: 0.65, TODO: 0.55 };
/** The mark of a comment; a word in a text or an identifier is none. */
const mark = /(?:^|[^\w"'`])(TODO|FIXME|HACK|XXX)\b(?:\([^)]{0,60}\))?[:\s-]*(.*)$/;

/** One suggestion for each file with marked comments. More of them, and frequent changes, raise its score. */
export function noteSuggestions(notes: readonly CodeNote[], commitsOf: (path: string) => number): CodeSuggestion[] {
  const byFile = new Map<string, { note: CodeNote; word: string; text: string }[]>();
  for (const note of notes) {
    const [, word, text = ''] = mark.exec(note.text) ?? [];
    if (word === undefined) continue;
    const found = byFile.get(note.path) ?? [];
    if (found.length === 0) byFile.set(note.path, found);
    found.push({ note, word, text: text.replace(/\s*(?:\*\/|-->|#\})\s*$/, '').trim() });
  }
  return [...byFile].map(([path, found]) => {
    const weight = Math.max(...found.map(({ word }) => weights[word] ?? 0.5));
    const score = Math.min(
      0.95,
      weight + Math.min(0.15, (found.length - 1) * 0.03) + (commitsOf(path) >= 5 ? 0.05 : 0),
    );
    const [first] = found;
    const [only] = found.length === 1 ? found : [];
    const what = only === undefined ? `${found.length} marked comments` : only.text || only.word;
    return {
      kind: 'notes',
      key: `notes:${path}`,
      score: rounded(score),
      title: titleFrom(`Resolve ${what} in ${path}`),
      description: [
        `${path} has marked comments:`,
        ...found.slice(0, 50).map(({ note, word, text }) => `- line ${note.line}: ${word} ${text}`.trimEnd()),
        'Resolve each of them, or remove it if it no longer applies.',
      ].join('\n'),
      files: [path],
      lines: Math.max(20, (first === undefined ? 0 : found.length) * 30),
    };
  });
}

export function rounded(score: number): number {
  return Math.round(Math.min(1, Math.max(0, score)) * 100) / 100;
}
