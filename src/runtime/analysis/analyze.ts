import { join } from 'node:path';
import { hotspots, longFiles, missingTests } from '../../core/analysis/files.ts';
import { noteSuggestions } from '../../core/analysis/notes.ts';
import { deadLinks, duplicates, indentationOf, longFunctions } from '../../core/analysis/source-text.ts';
import {
  type CodeFile,
  type CodeNote,
  type CodeSuggestion,
  isCode,
  isTest,
  ranked,
  type SuggestionKind,
  usualKinds,
} from '../../core/analysis/suggestion.ts';
import type { StepOptions } from '../../core/steps.ts';
import { readRegular } from '../../machine/read-regular.ts';
import { dependencySuggestions } from './dependencies.ts';
import { gitLines } from './git-lines.ts';

/** Files whose text is read: reading every file of a large folder takes too long. */
const MAX_READ = 2_000;
const MAX_READ_BYTES = 1_000_000;
const MAX_NOTES = 20_000;
const MAX_COMMITS = 20_000;

export interface AnalyzeOptions extends StepOptions {
  /** Default: all but `dependencies`. */
  readonly kinds?: readonly SuggestionKind[] | undefined;
}

/**
 * Suggests tasks from the state of a folder in a git repository: files that git ignores do not count, links are not followed.
 *
 * @throws TaskError `GitFailed` outside of a repository; the reason of the signal
 */
export async function analyzeFolder(
  folder: string,
  { kinds = usualKinds, signal, progress }: AnalyzeOptions = {},
): Promise<CodeSuggestion[]> {
  const wants = (...any: SuggestionKind[]): boolean => any.some((kind) => kinds.includes(kind));
  const step = (done: number, message: string): void => {
    signal?.throwIfAborted();
    progress?.({ done, total: 4, message });
  };
  step(0, 'Counting lines');
  // Independent processes of git, which take most of the time.
  const [lines, commits, marked, known] = await Promise.all([
    linesOf(folder, signal),
    commitsOf(folder, signal),
    wants('notes') ? notesOf(folder, signal) : [],
    wants('dead-links') ? pathsOf(folder, signal) : new Set<string>(),
  ]);
  const files = [...lines].map(([path, count]): CodeFile => ({ path, lines: count, commits: commits.get(path) ?? 0 }));
  const found: CodeSuggestion[] = [];
  step(1, `Comparing ${files.length} files`);
  if (wants('notes')) {
    const notes = marked.filter(({ path }) => isCode(path));
    found.push(...noteSuggestions(notes, (path) => commits.get(path) ?? 0));
  }
  if (wants('dependencies')) found.push(...(await dependencySuggestions(folder, signal)));
  if (wants('long-files')) found.push(...longFiles(files));
  if (wants('missing-tests')) found.push(...missingTests(files));
  step(2, 'Reading files');
  if (wants('hotspots', 'long-functions', 'duplicates')) {
    // The files that are most likely to have a fault.
    const chosen = files
      .filter(({ path }) => isCode(path) && !isTest(path))
      .sort((a, b) => b.lines * (1 + b.commits) - a.lines * (1 + a.commits));
    const texts = await textsOf(folder, chosen, signal);
    const complexity = new Map([...texts].map(([path, text]) => [path, indentationOf(text)]));
    if (wants('hotspots')) found.push(...hotspots(files, (path) => complexity.get(path)));
    if (wants('long-functions')) for (const [path, text] of texts) found.push(...longFunctions(path, text));
    step(3, 'Comparing files');
    if (wants('duplicates')) found.push(...duplicates(texts));
  }
  if (wants('dead-links')) {
    const docs = files.filter(
      ({ path }) => /\.(?:md|mdx|markdown)$/i.test(path) && !/(?:^|\/)node_modules\//.test(path),
    );
    for (const [path, text] of await textsOf(folder, docs, signal)) {
      found.push(...deadLinks(path, text, (target) => known.has(target)));
    }
  }
  step(4, 'Done');
  return ranked(found.filter(({ kind }) => kind !== 'diagnostics' && kinds.includes(kind)));
}

/** All files and their folders. */
async function pathsOf(folder: string, signal: AbortSignal | undefined): Promise<Set<string>> {
  const paths = new Set<string>();
  for await (const path of gitLines(folder, ['ls-files', '--cached', '--others', '--exclude-standard'], { signal })) {
    // A known folder has known parents.
    for (
      let place = path;
      place !== '' && !paths.has(place);
      place = place.slice(0, Math.max(0, place.lastIndexOf('/')))
    ) {
      paths.add(place);
    }
  }
  return paths;
}

async function linesOf(folder: string, signal: AbortSignal | undefined): Promise<Map<string, number>> {
  const lines = new Map<string, number>();
  for await (const row of gitLines(folder, ['grep', '--untracked', '-I', '-c', '-z', '', '--', '.'], {
    signal,
    ok: [0, 1],
  })) {
    const [path = '', count = ''] = row.split('\0');
    if (count !== '') lines.set(path, Number(count));
  }
  return lines;
}

/** Commits of the last year by file, relative to the folder. */
async function commitsOf(folder: string, signal: AbortSignal | undefined): Promise<Map<string, number>> {
  const commits = new Map<string, number>();
  const args = [
    'log',
    // Counted lines of a commit would need the content of all its files.
    '--name-only',
    '--format=',
    '--since=1.year',
    `--max-count=${MAX_COMMITS}`,
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--relative',
    '--',
    '.',
  ];
  // 128: a repository without commits.
  for await (const path of gitLines(folder, args, { signal, ok: [0, 128] })) {
    if (path !== '') commits.set(path, (commits.get(path) ?? 0) + 1);
  }
  return commits;
}

async function notesOf(folder: string, signal: AbortSignal | undefined): Promise<CodeNote[]> {
  const notes: CodeNote[] = [];
  const args = ['grep', '--untracked', '-I', '-n', '-z', '-w', '-E', 'TODO|FIXME|HACK|XXX', '--', '.'];
  for await (const row of gitLines(folder, args, { signal, ok: [0, 1] })) {
    const [path = '', line = '', text = ''] = row.split('\0');
    notes.push({ path, line: Number(line), text: text.slice(0, 500) });
    if (notes.length >= MAX_NOTES) break;
  }
  return notes;
}

async function textsOf(
  folder: string,
  files: readonly CodeFile[],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const { path } of files.slice(0, MAX_READ)) {
    signal?.throwIfAborted();
    const text = await readRegular(join(folder, path), MAX_READ_BYTES).catch(() => undefined);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}
