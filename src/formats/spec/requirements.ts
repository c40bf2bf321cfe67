import { plainTitle } from './marks.ts';
import { outlineOf, type Section } from './outline.ts';

/** The criteria of Kiro's `requirements.md` by their ids: `1.2` is the second criterion of requirement 1. */
export function requirementTexts(text: string): Map<string, string> {
  const criteria = new Map<string, string>();
  const visit = (section: Section, requirement: string | undefined): void => {
    const [, number = requirement] = /^requirement[ \t]+(\d{1,4})\b/i.exec(section.title) ?? [];
    if (number !== undefined) {
      for (const { ordinal, text: criterion } of section.items) {
        if (ordinal !== undefined) criteria.set(`${number}.${ordinal}`, plainTitle(criterion));
      }
    }
    for (const child of section.children) visit(child, number);
  };
  visit(outlineOf(text).root, undefined);
  return criteria;
}
