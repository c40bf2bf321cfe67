import { type DraftItem, draftOf } from './draft.ts';
import { type SpecFormat, sectionsBelow } from './format.ts';
import { acceptanceTitle, addDetail, draftOfItem } from './items.ts';
import { phaseTitle } from './lines.ts';
import { marksOf, plainTitle } from './marks.ts';
import type { ListItem, Section } from './outline.ts';
import { criteriaOf, groupOf, isStory } from './sections.ts';

const workTitle =
  /^(?:\d{1,3}[.)][ \t]+)?(?:key |core |main |functional |development |implementation |project )*(?:features?|requirements?|scope|tasks?|to-?dos?|deliverables?|work(?: items?| packages?)?|steps?|plan|implementation|functionality|user stories|development phases|phases|roadmap|milestones?)\b(?! metrics)/i;
const contextTitle =
  /^(?:\d{1,3}[.)][ \t]+)?(?:(?:executive |project )?(?:overview|summary)|introduction|background|context|goals?|non-?goals?|non-functional requirements|objectives?|out of scope|risks?|assumptions?|(?:open )?questions?|glossary|references?|appendix|notes?|technical|tech stack|architecture|design|data model|(?:success )?metrics|stakeholders?|timeline|dependencies|constraints|revision history|changelog|personas?|target audience|problem|why|impact|motivation)\b/i;

/** Drafts of a specification without checkboxes: its stories, phases and lists of features. */
export function proseDrafts(body: Section, format: SpecFormat): DraftItem[] {
  const sections = sectionsBelow(body);
  const phases = sections.filter(({ title }) => phaseTitle.test(plainTitle(title)));
  if (phases.length > 0) return phases.map((phase) => sectionDraft(phase, format));
  const stories = sections.filter(isStory);
  if (stories.length > 0) return stories.map((story) => sectionDraft(story, format));
  const work = body.children.filter(({ title }) => workTitle.test(plainTitle(title)) && !contextTitle.test(title));
  const chosen = work.length > 0 ? work : body.children.filter(({ title }) => !contextTitle.test(plainTitle(title)));
  const listed = work.length === 0 ? tasksOf(body.items) : [];
  const found = [...listed, ...chosen.filter(hasContent).map((section) => sectionDraft(section, format))];
  const [only, ...others] = found;
  // A single list of features needs no group.
  return only !== undefined && others.length === 0 && only.children.length > 0 ? only.children : found;
}

/** A section as a group if it contains lists or sections of tasks, otherwise as one task. */
function sectionDraft(section: Section, format: SpecFormat): DraftItem {
  const parts = section.children.filter(({ title }) => !acceptanceTitle.test(title));
  if (isStory(section)) return taskOf(section, parts, format);
  const children = [...tasksOf(section.items), ...parts.map((part) => sectionDraft(part, format))];
  if (children.length === 0) return taskOf(section, parts, format);
  const isNumbered = section.items.length > 1 && section.items.every(({ ordinal }) => ordinal !== undefined);
  const group = groupOf({ ...section, items: [] }, children, format);
  if (isNumbered && parts.length === 0) group.order = 'chain';
  return group;
}

/** A section that is one task: its text and lists are the description. */
function taskOf(section: Section, parts: readonly Section[], format: SpecFormat): DraftItem {
  const draft = groupOf({ ...section, items: [] }, [], format);
  for (const item of section.items) {
    if (/^(?:given|when|then)\b/i.test(plainTitle(item.text))) draft.acceptance.push(plainTitle(item.text));
    else addDetail(draft, item.text, `- ${item.text}`);
    draft.body.push(...item.children.map(({ text }) => `  - ${text}`));
  }
  for (const part of parts) {
    draft.body.push('', `${plainTitle(part.title)}:`, ...part.text, ...part.items.map(({ text }) => `- ${text}`));
    for (const child of part.children) {
      if (acceptanceTitle.test(child.title)) draft.acceptance.push(...criteriaOf(child));
    }
  }
  return draft;
}

function tasksOf(items: readonly ListItem[]): DraftItem[] {
  return items.map((item) => draftOfItem(item, () => false));
}

function hasContent(section: Section): boolean {
  return section.text.some(Boolean) || section.items.length > 0 || section.children.length > 0;
}

/** One task per paragraph of a text without lists and headings. */
export function paragraphDrafts(body: Section): DraftItem[] {
  const paragraphs: { line: number; lines: string[] }[] = [];
  for (const line of body.text) {
    const open = paragraphs.at(-1);
    if (line === '') paragraphs.push({ line: body.line, lines: [] });
    else if (open === undefined) paragraphs.push({ line: body.line, lines: [line] });
    else open.lines.push(line);
  }
  return paragraphs
    .filter(({ lines }) => lines.length > 0)
    .map(({ line, lines }) => {
      const text = lines.join(' ');
      const [sentence = text] = /^.{1,200}?[.!?:](?=\s|$)/.exec(text) ?? [];
      const { title, names } = { title: marksOf(sentence).title, names: [...marksOf(text).dependsOn] };
      return draftOf({ line, source: lines[0] ?? '', title, body: text === sentence ? [] : [text], names });
    });
}
