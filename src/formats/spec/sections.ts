import { type DraftItem, draftOf, type Order } from './draft.ts';
import { isSequence, type SpecFormat, storyTitle } from './format.ts';
import { acceptanceTitle, addDetail, draftOfItem, type IsTask } from './items.ts';
import { phaseTitle } from './lines.ts';
import { marksOf, plainTitle } from './marks.ts';
import type { ListItem, Section } from './outline.ts';

/** Order of the tasks in a list, by format. */
export const listOrder: Readonly<Record<SpecFormat, Order>> = {
  'spec-kit': 'stages',
  kiro: 'chain',
  openspec: 'chain',
  checklist: 'none',
  prd: 'none',
  outline: 'none',
};

/** Drafts from the checkboxes of a section; every heading above them becomes a group. */
export function checkboxDrafts(section: Section, format: SpecFormat): DraftItem[] {
  const boxed = boxedItems(section, format === 'checklist');
  const isTask: IsTask = (item) => boxed.has(item);
  const drafts = (each: Section): DraftItem[] => {
    const own = each.items.filter(isTask).map((item) => draftOfItem(item, isTask));
    setOrder(own, listOrder[format]);
    const groups = each.children
      .filter(({ title }) => !acceptanceTitle.test(title))
      .flatMap((child) => {
        const children = drafts(child);
        return children.length === 0 ? [] : [groupOf(child, children, format, isTask)];
      });
    return [...own, ...groups];
  };
  return drafts(section);
}

/** Order of drafts that stand beside each other under one heading. */
export function orderOf(drafts: readonly DraftItem[], format: SpecFormat): Order {
  if (format !== 'checklist' && format !== 'prd' && format !== 'outline') return listOrder[format];
  return isSequence(drafts.map(({ source }) => ({ title: source }))) ? 'chain' : 'none';
}

/** A group for a heading and the tasks below it. */
export function groupOf(
  section: Section,
  children: readonly DraftItem[],
  format: SpecFormat,
  isTask: IsTask = () => false,
): DraftItem {
  const { title, id, priority } = marksOf(section.title.replace(/^(\d{1,3}\.)[ \t]+/, '$1 '));
  const [phase] = phaseTitle.exec(section.title) ?? [];
  const group = draftOf({
    line: section.line,
    source: section.title,
    id: phase?.toLowerCase() ?? id,
    title: title === '' ? plainTitle(section.title) || `Line ${section.line}` : title,
    priority,
    // Stories of Spec Kit run beside each other once the foundation is complete.
    parallel: format === 'spec-kit' && /^phase\b.*\buser story \d/i.test(section.title),
    children: [...children],
    order: orderOf(children, format),
  });
  const entry = /^(?:\*\*)?entry criteria(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]*(.{1,300})$/i;
  for (const line of section.text) {
    const needed = entry.exec(line)?.[1];
    if (needed === undefined) addDetail(group, line);
    else group.names.push(...namesOfEntry(needed));
  }
  for (const item of section.items) {
    if (item.checked === undefined && item.children.length === 0 && !isTask(item))
      addDetail(group, item.text, `- ${item.text}`);
  }
  for (const child of section.children) {
    if (acceptanceTitle.test(child.title)) group.acceptance.push(...criteriaOf(child));
  }
  return group;
}

/** The criteria listed in a section. */
export function criteriaOf(section: Section): string[] {
  return section.items.map(({ text, details }) => plainTitle([text, ...details].join(' '))).filter(Boolean);
}

/** True for a section that describes a user story. */
export function isStory(section: Section): boolean {
  return storyTitle.test(plainTitle(section.title));
}

function setOrder(drafts: readonly DraftItem[], order: Order): void {
  for (const draft of drafts) {
    if (draft.children.length === 0) continue;
    draft.order = order;
    setOrder(draft.children, order);
  }
}

/** Only names of phases and stories: other entry criteria are conditions for people. */
function namesOfEntry(text: string): string[] {
  return [...text.matchAll(/\b(?:phase|step|stage|sprint|milestone|iteration|user story)[ \t]+\d{1,3}\b/gi)].map(
    ([name]) => name,
  );
}

/** Items that are tasks: those with a checkbox, those that contain one, and the list of a phase without checkboxes. */
function boxedItems(section: Section, plainPhases: boolean): Set<ListItem> {
  const boxed = new Set<ListItem>();
  const visit = (item: ListItem): boolean => {
    let has = item.checked !== undefined;
    for (const child of item.children) if (visit(child)) has = true;
    if (has) boxed.add(item);
    return has;
  };
  const walk = (each: Section): boolean => {
    let has = false;
    for (const item of each.items) if (visit(item)) has = true;
    for (const child of each.children) if (walk(child)) has = true;
    // People do not tick off every phase: the list of one without any checkbox is its tasks.
    if (has || !plainPhases || !phaseTitle.test(each.title)) return has;
    for (const item of each.items) boxed.add(item);
    return each.items.length > 0;
  };
  walk(section);
  return boxed;
}
