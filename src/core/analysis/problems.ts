import { titleFrom } from '../task/create.ts';
import { rounded } from './notes.ts';
import type { CodeSuggestion } from './suggestion.ts';

/** A problem that a language tool of an editor reports. */
export interface CodeProblem {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  /** The tool, for example `ts` or `eslint`. */
  readonly source: string;
}

const MAX_LISTED = 50;

/** One suggestion for each file with problems. Errors count more than warnings, and several more than one. */
export function problemSuggestions(problems: readonly CodeProblem[]): CodeSuggestion[] {
  const byFile = new Map<string, CodeProblem[]>();
  for (const problem of problems) {
    const found = byFile.get(problem.path) ?? [];
    if (found.length === 0) byFile.set(problem.path, found);
    found.push(problem);
  }
  return [...byFile].map(([path, found]) => {
    const errors = found.filter(({ severity }) => severity === 'error').length;
    const weight = errors > 0 ? 0.8 : 0.6;
    const count = found.length === 1 ? 'a problem' : `${found.length} problems`;
    return {
      kind: 'diagnostics',
      key: `diagnostics:${path}`,
      score: rounded(Math.min(0.95, weight + Math.min(0.15, (found.length - 1) * 0.02))),
      title: titleFrom(`Fix ${count} in ${path}`),
      description: [
        `The language tools of the editor report problems in ${path}:`,
        ...found.slice(0, MAX_LISTED).map(({ line, severity, source, message }) => {
          const [first = ''] = message.split('\n');
          return `- line ${line}: ${severity}${source === '' ? '' : ` (${source})`}: ${first}`;
        }),
        'Fix each of them. Do not silence a rule without a reason.',
      ].join('\n'),
      files: [path],
      lines: Math.max(20, found.length * 20),
    };
  });
}
