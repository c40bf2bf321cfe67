import { type ItemLine, numberedTitle, phaseTitle, type SpecLine, specLines } from './lines.ts';

/** An item of a list with the lines and the items below it. */
export interface ListItem extends ItemLine {
  /** Continuation lines. */
  readonly details: string[];
  readonly children: ListItem[];
}

/** A heading with everything up to the next heading of its level. */
export interface Section {
  readonly title: string;
  /** 0 for the document. */
  readonly level: number;
  readonly line: number;
  /** Paragraphs, in order; an empty string separates them. */
  readonly text: string[];
  readonly items: ListItem[];
  readonly children: Section[];
}

export interface Outline {
  readonly root: Section;
  readonly frontMatter: ReadonlyMap<string, string>;
}

/** Deeper items become siblings at this depth. */
export const MAX_NESTING = 12;

/** The sections and lists of a text. */
export function outlineOf(text: string): Outline {
  const { lines, frontMatter } = specLines(text);
  const root: Section = { title: '', level: 0, line: 1, text: [], items: [], children: [] };
  const sections: Section[] = [root];
  let items: ListItem[] = [];
  let wasBlank = false;
  for (const line of lines) {
    const section = sections.at(-1) ?? root;
    if (line.kind === 'heading') {
      items = [];
      while ((sections.at(-1)?.level ?? 0) >= line.level) sections.pop();
      const next: Section = { title: line.text, level: line.level, line: line.line, text: [], items: [], children: [] };
      (sections.at(-1) ?? root).children.push(next);
      sections.push(next);
    } else if (line.kind === 'item') items = withItem(items, { ...line, details: [], children: [] }, section);
    else if (line.kind === 'text') items = addText(line, { items, section, wasBlank });
    else if (items.length === 0 && section.text.at(-1) !== '') section.text.push('');
    wasBlank = line.kind === 'blank';
  }
  return { root, frontMatter };
}

function withItem(open: readonly ListItem[], item: ListItem, section: Section): ListItem[] {
  const path = open.filter((each) => item.indent >= each.indent + 2).slice(0, MAX_NESTING - 1);
  (path.at(-1)?.children ?? section.items).push(item);
  return [...path, item];
}

/** Adds a line of text to the open item, or to the section if the line ends the list. */
function addText(
  line: Extract<SpecLine, { kind: 'text' }>,
  { items, section, wasBlank }: { items: ListItem[]; section: Section; wasBlank: boolean },
): ListItem[] {
  const last = items.at(-1);
  const owner = wasBlank ? items.findLast((item) => line.indent >= item.indent + 2) : last;
  if (owner !== undefined) {
    owner.details.push(line.text);
    return items.slice(0, items.indexOf(owner) + 1);
  }
  section.text.push(line.text);
  return [];
}

/** The document without its title: most files have one first heading that names it. */
export function bodyOf({ root }: Outline): Section {
  const [only, ...others] = root.children;
  const isTitle = only !== undefined && others.every(({ level }) => level > only.level) && root.items.length === 0;
  if (!isTitle || phaseTitle.test(only.title) || numberedTitle.test(only.title)) return root;
  return {
    ...only,
    text: [...root.text, ...only.text],
    children: [...only.children, ...others],
  };
}

/** All items of a section and of the sections below, parents before their parts. */
export function* itemsBelow(section: Section): Iterable<ListItem> {
  const stack: ListItem[] = [...section.items].reverse();
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    yield item;
    stack.push(...[...item.children].reverse());
  }
  for (const child of section.children) yield* itemsBelow(child);
}
