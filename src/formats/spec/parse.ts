import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { type Plan, type PlanItem, planLimits } from '../../core/plan/plan.ts';
import { titleFrom } from '../../core/task/create.ts';
import { limits } from '../../core/task/values.ts';
import { type DraftItem, everyDraft, type Order, type SpecNote } from './draft.ts';
import { featurePhases } from './feature-phases.ts';
import { formatOf, isSequence, type SpecFormat, workItems } from './format.ts';
import { keysOf } from './keys.ts';
import { plainTitle } from './marks.ts';
import { orderDrafts } from './order.ts';
import { bodyOf, outlineOf, type Section } from './outline.ts';
import { paragraphDrafts, proseDrafts } from './prose.ts';
import { namedDrafts } from './references.ts';
import { requirementTexts } from './requirements.ts';
import { checkboxDrafts, orderOf } from './sections.ts';

/** Larger specifications are refused before they are parsed. */
export const MAX_SPEC_CHARS = 5_000_000;

/** Characters of the introduction that the plan keeps. */
const DESCRIPTION_CHARS = 20_000;

/** The plan of a specification. */
export interface SpecPlan {
  readonly format: SpecFormat;
  readonly title: string;
  readonly plan: Plan;
  /** Remarks about lines that were understood in part. */
  readonly notes: readonly SpecNote[];
}

interface SpecOptions {
  /** Path of the file, relative to the workspace. */
  readonly file?: string | undefined;
  /** Text of Kiro's `requirements.md`, whose criteria the tasks refer to. */
  readonly requirements?: string | undefined;
}

/**
 * Reads the tasks of a specification by its structure: headings, checkboxes, lists, stories, phases and dependencies.
 *
 * @throws TaskError `TooLarge`; `InvalidInput` for a text without tasks
 */
export function parseSpec(text: string, { file, requirements }: SpecOptions = {}): SpecPlan {
  if (text.length > MAX_SPEC_CHARS) throw tooLarge(`${text.length.toLocaleString('en')} characters`);
  const outline = outlineOf(text);
  const body = bodyOf(outline);
  const format = formatOf(body);
  const title = titleOf(body, outline.frontMatter.get('title')) || folderName(file);
  const { top, order } = draftsOf(body, format);
  if (top.length === 0) {
    throw new TaskError('InvalidInput', 'The specification has no tasks.', {
      next: [textStep('Write one task per line, for example "- [ ] Add the login form".')],
    });
  }
  const all = everyDraft(top);
  if (all.length > planLimits.items) throw tooLarge(`${all.length.toLocaleString('en')} tasks`);
  addRequirements(all, requirements);
  const { named, notes } = namedDrafts(top);
  orderDrafts(top, order, named);
  const { keys, notes: duplicates } = keysOf(top);
  const description = introOf(body);
  return {
    format,
    title,
    plan: {
      ...(title === '' ? {} : { project: titleFrom(title) }),
      ...(description === '' ? {} : { description }),
      source: { tool: format, ...(file === undefined ? {} : { file }) },
      items: itemsOf(top, { keys, title, file, above: [] }),
    },
    notes: [...notes, ...duplicates],
  };
}

function draftsOf(body: Section, format: SpecFormat): { top: readonly DraftItem[]; order: Order } {
  if ([...workItems(body)].some(({ checked }) => checked !== undefined)) {
    let top: readonly DraftItem[] = checkboxDrafts(body, format);
    // One heading around all phases adds nothing.
    for (let [only, ...others] = top; only !== undefined && others.length === 0; [only, ...others] = top) {
      if (only.children.length === 0 || only.children.some(({ children }) => children.length === 0)) break;
      top = only.children;
    }
    return { top, order: orderOf(top, format) };
  }
  const found = proseDrafts(body, format);
  const listed = found.length > 0 ? found : paragraphDrafts(body);
  const isNumbered = listed.length > 1 && listed.every(({ id }) => id !== undefined && /^\d+$/.test(id));
  if (isNumbered || isSequence(listed.map(({ source }) => ({ title: source })))) return { top: listed, order: 'chain' };
  const phases = format === 'outline' ? featurePhases(listed) : undefined;
  return phases === undefined ? { top: listed, order: 'none' } : { top: phases, order: 'chain' };
}

interface Place {
  readonly keys: ReadonlyMap<DraftItem, string>;
  readonly title: string;
  readonly file: string | undefined;
  /** Titles of the groups above. */
  readonly above: readonly string[];
  /** Priority of the groups above. */
  readonly priority?: PlanItem['priority'];
}

function itemsOf(drafts: readonly DraftItem[], place: Place): PlanItem[] {
  return drafts.map((draft) => {
    const { keys } = place;
    const isGroup = draft.children.length > 0;
    const priority = draft.priority ?? place.priority;
    const dependsOn = [...draft.after].map((each) => keys.get(each) ?? '').slice(0, limits.dependencies);
    return {
      key: keys.get(draft) ?? draft.title,
      kind: isGroup ? 'group' : 'work',
      title: titleFrom(draft.title),
      description: descriptionOf(draft, place),
      ...(priority === undefined ? {} : { priority }),
      ...(draft.labels.length === 0 ? {} : { labels: [...new Set(draft.labels)].slice(0, limits.labels) }),
      ...(draft.constraints === undefined ? {} : { constraints: draft.constraints }),
      ...(draft.acceptance.length === 0
        ? {}
        : { acceptance: draft.acceptance.slice(0, 100).map((each) => each.slice(0, 2_000)) }),
      ...(draft.checked === true && !isGroup ? { status: 'completed' as const } : {}),
      ...(dependsOn.length === 0 ? {} : { dependsOn }),
      ...(Object.keys(draft.metadata).length === 0 ? {} : { metadata: draft.metadata }),
      source: {
        ...(draft.id === undefined ? {} : { id: draft.id.slice(0, planLimits.keyChars) }),
        line: draft.line,
        text: draft.source.slice(0, planLimits.sourceChars),
      },
      ...(isGroup
        ? { children: itemsOf(draft.children, { ...place, above: [...place.above, draft.title], priority }) }
        : {}),
    };
  });
}

/** The text of a task, and its place: an agent sees only its own task. */
function descriptionOf(draft: DraftItem, { title, file, above }: Place): string {
  const text = draft.body
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  const names = [...above.slice(-1), title].filter((name) => name !== '' && name !== draft.title);
  const of = names.map((name) => `"${name}"`).join(' of ');
  const context = of === '' ? '' : `Part of ${of}${file === undefined ? '' : ` in ${file}`}.`;
  const words = draft.children.length > 0 ? text : `${draft.title}\n${text}`.trim();
  return [words, context].filter(Boolean).join('\n\n').slice(0, limits.textChars);
}

/** The title of the document; empty for one that every file of its kind has. */
function titleOf(body: Section, given: string | undefined): string {
  const kind =
    /^(?:tasks|to-?do|prd|product requirements document|spec(?:ification)?|(?:implementation )?plan|feature specification)(?:[ \t]*[:–—-][ \t]*|[ \t]*$)/i;
  const named = plainTitle((given ?? '') || body.title).replace(kind, '');
  if (named !== '' || body.title !== '') return named;
  const features =
    /[ \t]+(?:with|that has|including)(?: the)?(?: following)?[ \t]+(?:features|requirements|tasks|parts|steps):?$/i;
  return plainTitle((body.text.find(Boolean) ?? '').replace(features, ''));
}

/** The folder of a file that every specification calls the same: `specs/001-price/tasks.md`. */
function folderName(file: string | undefined): string {
  const [name = '', folder = ''] = (file ?? '').split('/').reverse();
  return folder === '' || folder === '..' ? name.replace(/\.[a-z]+$/i, '') : folder;
}

/** The text before the first task, and the sections around the tasks that describe the goal. */
function introOf(body: Section): string {
  return body.text.join('\n').trim().slice(0, DESCRIPTION_CHARS);
}

function addRequirements(drafts: readonly DraftItem[], text: string | undefined): void {
  if (text === undefined) return;
  const criteria = requirementTexts(text);
  for (const draft of drafts) {
    const ids = draft.metadata.requirements;
    if (Array.isArray(ids)) draft.acceptance.push(...ids.flatMap((id: unknown) => criteria.get(String(id)) ?? []));
  }
}

function tooLarge(size: string): TaskError {
  const message = `The specification has ${size}; the limits are ${MAX_SPEC_CHARS.toLocaleString('en')} characters and ${planLimits.items.toLocaleString('en')} tasks.`;
  return new TaskError('TooLarge', message, { next: [textStep('Split it into several files.')] });
}
