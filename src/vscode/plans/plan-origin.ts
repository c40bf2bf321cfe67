import { z } from 'zod';
import { problemSuggestions } from '../../core/analysis/problems.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { splitPlan } from '../../core/plan/split.ts';
import type { StepOptions } from '../../core/steps.ts';
import type { PlanNote } from '../../operations/plan/draft.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { l10n } from '../present/l10n.ts';

const path = z.string().min(1).max(4_000);

/** The source from which the page of a plan reads its tasks. The page keeps it over a reload of the window. */
const planOriginSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('spec'), file: path }),
  z.strictObject({ kind: z.literal('import'), path }),
  z.strictObject({
    kind: z.literal('template'),
    name: z.string().min(1).max(200),
    values: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({ kind: z.literal('code') }),
  z.strictObject({ kind: z.literal('split'), task: z.string().min(1).max(300) }),
]);

export type PlanOrigin = z.output<typeof planOriginSchema>;

/** A plan with the facts that the page shows about its source. */
export interface ReadPlan {
  /** Undefined if there is nothing to plan, and before the fields of a template are filled in. */
  readonly plan: Plan | undefined;
  readonly notes: readonly PlanNote[];
  /** Scores of suggestions by key. */
  readonly scores?: ReadonlyMap<string, number> | undefined;
  /** Id of the task that the plan splits. */
  readonly splits?: string | undefined;
}

/** The origin that a page kept; undefined for one of another version. */
export function parseOrigin(text: string): PlanOrigin | undefined {
  try {
    return planOriginSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Reads the plan of an origin. Nothing is created.
 *
 * @throws TaskError of the source; the reason of the signal
 */
export async function readOrigin(folder: TaskFolder, origin: PlanOrigin, steps?: StepOptions): Promise<ReadPlan> {
  const { store } = await folder.ready();
  const drafts = await import('../../operations/plan/draft.ts');
  switch (origin.kind) {
    case 'spec':
      return drafts.specDraft(store.folder, origin.file);
    case 'import':
      return drafts.importDraft(store.folder, origin.path, { signal: steps?.signal });
    case 'template':
      if (origin.values === undefined) return { plan: undefined, notes: [] };
      return drafts.templateDraft(store.folder, origin.name, origin.values);
    case 'code': {
      const { codeDraft } = await import('../../operations/plan/code-draft.ts');
      const { problemsOf } = await import('./diagnostics.ts');
      const more = problemSuggestions(problemsOf(store.folder));
      const choice = { minScore: 0.5, limit: 500, more };
      const { plan, suggestions, notes } = await codeDraft(store.folder, choice, steps);
      return { plan, notes, scores: new Map(suggestions.map(({ key, score }) => [key, score])) };
    }
    case 'split': {
      await store.refresh();
      const task = store.resolve(origin.task);
      return { plan: splitPlan(task, { strategy: 'parallel', numSubtasks: 3 }), notes: [], splits: task.id };
    }
  }
}

/** The heading of the page and of its tab. */
export function headingOf({ kind }: PlanOrigin): string {
  switch (kind) {
    case 'spec':
      return l10n.t('Plan from Specification');
    case 'import':
      return l10n.t('Import Tasks');
    case 'template':
      return l10n.t('New Task from Template');
    case 'code':
      return l10n.t('Suggestions from Code');
    case 'split':
      return l10n.t('Split Task');
  }
}

/** The source in words: a file, a template, a task. */
export function sourceText(folder: TaskFolder, origin: PlanOrigin): string {
  switch (origin.kind) {
    case 'spec':
      return origin.file;
    case 'import':
      return origin.path;
    case 'template':
      return origin.name;
    case 'code':
      return folder.name;
    case 'split':
      return origin.task;
  }
}
