import { z } from 'zod';
import { problemSuggestions } from '../../core/analysis/problems.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { splitPlan } from '../../core/plan/split.ts';
import type { StepOptions } from '../../core/steps.ts';
import type { PlanDraft, PlanNote } from '../../operations/plan/draft.ts';
import type { Store } from '../../store/store.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { l10n } from '../present/l10n.ts';

const path = z.string().min(1).max(4_000);

/** The source from which the page of a plan reads its tasks. The page keeps it over a reload of the window. */
const planOriginSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('spec'),
    file: path,
    /** The task in which an agent refined the plan, and the keys of the accepted changes. */
    refined: z.strictObject({ task: z.string().max(300), accepted: z.array(z.string().max(200)) }).optional(),
  }),
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
  /** The task in which an agent refined the plan. */
  readonly refined?: { readonly agent: string; readonly number: number } | undefined;
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
      return refinedSpec(store, await drafts.specDraft(store.folder, origin.file), origin.refined);
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

export type SpecOrigin = Extract<PlanOrigin, { kind: 'spec' }>;

/** The plan of a specification with the accepted changes of an agent. */
async function refinedSpec(
  store: Store,
  { plan, notes, text }: PlanDraft & { readonly text: string },
  refined: SpecOrigin['refined'],
): Promise<ReadPlan> {
  if (refined === undefined) return { plan, notes };
  const task = store.view.byId(refined.task);
  if (task === undefined) return { plan, notes: [{ message: missingText() }, ...notes] };
  const { acceptedPart, refinePlan } = await import('../../core/plan/refine.ts');
  const { refinementOf } = await import('../../operations/plan/refine.ts');
  const answer = refinementOf(task, plan, text);
  if (answer === undefined) return { plan, notes: [{ message: outdatedText(task.number) }, ...notes] };
  const accepted = refinePlan(plan, acceptedPart(plan, answer, new Set(refined.accepted)));
  return { plan: accepted?.plan, notes, refined: { agent: task.tool, number: task.number } };
}

/**
 * The plan of a specification without and with all changes of an agent.
 *
 * @throws Error if the file changed since the agent was asked
 */
export async function readProposal(
  store: Store,
  file: string,
  id: string,
): Promise<{ readonly before: Plan; readonly after: Plan }> {
  const { specDraft } = await import('../../operations/plan/draft.ts');
  const { refinePlan } = await import('../../core/plan/refine.ts');
  const { refinementOf } = await import('../../operations/plan/refine.ts');
  const { plan, text } = await specDraft(store.folder, file);
  const task = store.resolve(id);
  const answer = refinementOf(task, plan, text);
  const after = answer === undefined ? undefined : refinePlan(plan, answer)?.plan;
  if (after === undefined) throw new Error(outdatedText(task.number));
  return { before: plan, after };
}

function outdatedText(number: number): string {
  return l10n.t('The file changed after #{0} refined its plan. Those changes are not applied.', number);
}

function missingText(): string {
  return l10n.t('The task that refined this plan was deleted or archived. Its changes are not applied.');
}

/**
 * Whether an agent can refine a plan. It reads the plan of the file: its changes would replace those of another agent,
 * which the person takes back first.
 */
export function canRefine(kind: PlanOrigin['kind'], { refined }: ReadPlan): boolean {
  return kind === 'spec' && refined === undefined;
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
