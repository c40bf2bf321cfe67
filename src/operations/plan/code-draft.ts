import { resolve } from 'node:path';
import { type CodeSuggestion, ranked, type SuggestionKind, suggestionPlan } from '../../core/analysis/suggestion.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { StepOptions } from '../../core/steps.ts';
import { analyzeFolder } from '../../runtime/analysis/analyze.ts';
import { readDismissals } from '../../runtime/planning/dismissals.ts';
import { sourceName } from '../../runtime/planning/source-file.ts';
import type { PlanNote } from './draft.ts';

interface CodeChoice {
  /** Folder to analyse, relative to the workspace. Default: the workspace. */
  readonly path?: string | undefined;
  /** Default: 0.7. */
  readonly minScore?: number | undefined;
  readonly kinds?: readonly SuggestionKind[] | undefined;
  /** Default: 20. */
  readonly limit?: number | undefined;
  /** Suggestions of an editor. */
  readonly more?: readonly CodeSuggestion[] | undefined;
}

/** The best suggestions and their plan; no plan if none reaches the score. */
export interface CodeDraft {
  readonly plan: Plan | undefined;
  readonly suggestions: readonly CodeSuggestion[];
  readonly notes: readonly PlanNote[];
}

/**
 * Suggests tasks from the state of a folder, without the suggestions that people dismissed.
 *
 * @throws TaskError `GitFailed` outside of a repository; the reason of the signal
 */
export async function codeDraft(
  workspace: string,
  { path = '.', minScore = 0.7, kinds, limit = 20, more = [] }: CodeChoice,
  steps: StepOptions = {},
): Promise<CodeDraft> {
  const folder = resolve(workspace, path);
  const dismissed = await readDismissals(workspace);
  const found = ranked([...(await analyzeFolder(folder, { kinds, ...steps })), ...more]);
  const open = found.filter(({ key }) => !dismissed.has(key));
  const good = open.filter(({ score }) => score >= minScore);
  const suggestions = good.slice(0, limit);
  const hidden = good.length - suggestions.length;
  const dismissals = found.length - open.length;
  const notes = [
    ...(suggestions.length === 0
      ? [{ message: `None of ${open.length} suggestions has a score of ${minScore}.` }]
      : []),
    ...(dismissals === 0 ? [] : [{ message: `${dismissals} suggestions were dismissed.` }]),
    ...(hidden === 0 ? [] : [{ message: `${hidden} more suggestions reach this score.` }]),
  ];
  const plan = suggestions.length === 0 ? undefined : suggestionPlan(suggestions, sourceName(workspace, folder));
  return { plan, suggestions, notes };
}
