import { type DraftItem, draftOf } from './draft.ts';
import { dependenciesOfLine, estimateOfLine, marksOf, plainTitle, priorityOfLine } from './marks.ts';
import type { ListItem } from './outline.ts';

/** Chooses the items of a list that are tasks; the others are details of their parent. */
export type IsTask = (item: ListItem) => boolean;

export const acceptanceTitle =
  /^(?:acceptance(?: criteria| tests?)?|success criteria|definition of done|done when|independent test)\b/i;
const acceptanceLine =
  /^(?:\*\*)?(?:acceptance(?: criteria| criterion)?|independent test|done when|test strategy|verification)(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]*(.{1,2000})$/i;
const requirementsLine = /^_?requirements?:[ \t]*([\d., ]{1,200}?)_?$/i;

/** The task of a list item with its parts. */
export function draftOfItem(item: ListItem, isTask: IsTask): DraftItem {
  const marks = marksOf(item.text);
  const draft = draftOf({
    line: item.line,
    source: item.text,
    id: marks.id,
    title: marks.title === '' ? plainTitle(item.text) || `Line ${item.line}` : marks.title,
    body: marks.rest === undefined ? [] : [marks.rest],
    priority: marks.priority ?? (item.optional ? 'low' : undefined),
    constraints: marks.constraints,
    checked: item.checked,
    parallel: marks.parallel,
    optional: item.optional,
    names: [...marks.dependsOn],
  });
  if (marks.story !== undefined) draft.labels.push(marks.story);
  if (item.optional) draft.labels.push('optional');
  if (marks.estimate !== undefined) draft.metadata['estimate'] = marks.estimate;
  if (item.ordinal !== undefined && marks.id === undefined && item.checked !== undefined) draft.id = item.ordinal;
  for (const line of item.details) addDetail(draft, line);
  for (const child of item.children) {
    if (isTask(child)) draft.children.push(draftOfItem(child, isTask));
    else addChildDetail(draft, child);
  }
  return draft;
}

/** Adds a line below a task: a fact that has its own field, or text of the description. */
export function addDetail(draft: DraftItem, line: string, shown = line): void {
  const names = dependenciesOfLine(line);
  const priority = priorityOfLine(line);
  const estimate = estimateOfLine(line);
  const acceptance = acceptanceLine.exec(line)?.[1];
  const requirements = requirementsLine.exec(line)?.[1];
  if (names !== undefined) draft.names.push(...names);
  else if (priority !== undefined) draft.priority = priority;
  else if (estimate !== undefined) draft.metadata['estimate'] = estimate;
  else if (acceptance !== undefined) draft.acceptance.push(plainTitle(acceptance));
  else if (requirements !== undefined) draft.metadata['requirements'] = requirements.split(/[, ]+/).filter(Boolean);
  else draft.body.push(shown);
}

function addChildDetail(draft: DraftItem, child: ListItem): void {
  if (acceptanceTitle.test(plainTitle(child.text)) && child.children.length > 0) {
    draft.acceptance.push(...child.children.map(({ text }) => plainTitle(text)));
    return;
  }
  const mark = child.ordinal === undefined ? '-' : `${child.ordinal}.`;
  addDetail(draft, child.text, `${mark} ${child.text}`);
  for (const line of child.details) draft.body.push(`  ${line}`);
  for (const each of child.children) addNested(draft, each, 1);
}

function addNested(draft: DraftItem, item: ListItem, depth: number): void {
  draft.body.push(`${'  '.repeat(depth)}- ${item.text}`);
  for (const child of item.children) addNested(draft, child, depth + 1);
}
