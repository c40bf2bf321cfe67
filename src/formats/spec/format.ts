import { acceptanceTitle } from './items.ts';
import { numberedTitle, phaseTitle } from './lines.ts';
import { itemsBelow, type ListItem, type Section } from './outline.ts';

/** The tool or habit that a specification follows; it decides about the order of its tasks. */
export type SpecFormat = 'spec-kit' | 'kiro' | 'openspec' | 'checklist' | 'prd' | 'outline';

/** Titles such as `US-1: See the price`, `User Story 2`. */
export const storyTitle = /^(?:US-?\d{1,4}\b|(?:user )?story[ \t]+\d{1,4}\b)/i;

/** Recognises a format by its content. */
export function formatOf(body: Section): SpecFormat {
  const boxes: ListItem[] = [];
  for (const item of workItems(body)) if (item.checked !== undefined) boxes.push(item);
  const sections = sectionsBelow(body);
  const share = (pattern: RegExp): number => boxes.filter(({ text }) => pattern.test(text)).length / boxes.length;
  if (boxes.length > 0) {
    if (share(/^(?:\*\*)?T\d{2,5}\b/) >= 0.5) return 'spec-kit';
    const isNumbered = share(/^\d{1,3}(?:\.\d{1,3})*[.)]?[ \t]/) >= 0.5;
    if (isNumbered && sections.some(({ title, items }) => numberedTitle.test(title) && items.length > 0)) {
      return 'openspec';
    }
    if (isNumbered) return 'kiro';
  }
  const isPrd = sections.some(({ title }) => /^(?:user stories|development phases|non-goals)\b/i.test(title));
  if (isPrd || sections.some(({ title }) => storyTitle.test(title))) return 'prd';
  return boxes.length > 0 ? 'checklist' : 'outline';
}

/** True for sections whose titles count them. */
export function isSequence(sections: readonly { readonly title: string }[]): boolean {
  const counted = sections.filter(({ title }) => phaseTitle.test(title) || numberedTitle.test(title));
  return counted.length >= 2 && counted.length * 2 >= sections.length;
}

export function sectionsBelow(section: Section): Section[] {
  return section.children.flatMap((child) => [child, ...sectionsBelow(child)]);
}

/** Items outside of lists of acceptance criteria. */
export function* workItems(section: Section): Iterable<ListItem> {
  yield* itemsBelow({ ...section, children: [] });
  for (const child of section.children) if (!acceptanceTitle.test(child.title)) yield* workItems(child);
}
