import { type Plan, type PlanItem, placedItems } from '../../core/plan/plan.ts';

/** A checklist that `plan.from-spec` reads. */
export function markdownOf(plan: Plan): string {
  const nameOf = titlesOf(plan);
  const lines = placedItems(plan).flatMap(({ item, depth }) => boxLines(item, { indent: '  '.repeat(depth), nameOf }));
  return `# ${plan.project ?? 'Tasks'}\n\n${lines.join('\n')}\n`;
}

/** Phases with numbered tasks. `[P]`: no task follows the one before for its place alone. */
export function specKitOf(plan: Plan): string {
  const sections = sectionsOf(plan);
  const ids = new Map(
    sections
      .flatMap(({ items }) => items)
      .map((item, index) => [item.key, `T${String(index + 1).padStart(3, '0')}`] as const),
  );
  const parts = sections.map(({ title, items }, index) => [
    `## Phase ${index + 1}: ${title.replace(/^phase[ \t]+\d{1,4}:[ \t]*/i, '')}`,
    '',
    ...items.flatMap((item) =>
      boxLines(item, { label: `${ids.get(item.key)} [P] `, nameOf: (key) => ids.get(key), indent: '' }),
    ),
  ]);
  return `# Tasks: ${plan.project ?? 'Plan'}\n\n${joined(parts)}`;
}

/** Numbered sections with numbered tasks; each task follows the one before. */
export function openspecOf(plan: Plan): string {
  const parts = sectionsOf(plan).map(({ title, items }, section) => [
    `## ${section + 1}. ${title}`,
    ...items.flatMap((item, index) =>
      boxLines(item, { label: `${section + 1}.${index + 1} `, nameOf: () => undefined, indent: '' }),
    ),
  ]);
  return joined(parts);
}

/** Numbered tasks with numbered parts; each task follows the one before. */
export function kiroOf(plan: Plan): string {
  const lines = plan.items.flatMap((item, index) => [
    ...boxLines(item, { label: `${index + 1}. `, nameOf: () => undefined, indent: '' }),
    ...leavesOf(item.children ?? []).flatMap((part, place) =>
      boxLines(part, { label: `${index + 1}.${place + 1} `, nameOf: () => undefined, indent: '  ' }),
    ),
  ]);
  return `# Implementation Plan\n\n${lines.join('\n')}\n`;
}

function joined(parts: readonly (readonly string[])[]): string {
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function titlesOf(plan: Plan): (key: string) => string {
  const titles = new Map(placedItems(plan).map(({ item }) => [item.key, item.title] as const));
  return (key) => titles.get(key) ?? key;
}

interface Section {
  readonly title: string;
  readonly items: readonly PlanItem[];
}

/** The top items with parts as sections; those without parts share sections of their own. */
function sectionsOf(plan: Plan): Section[] {
  const sections: Section[] = [];
  let loose: PlanItem[] | undefined;
  for (const item of plan.items) {
    if (item.children !== undefined && item.children.length > 0) {
      loose = undefined;
      sections.push({ title: item.title, items: leavesOf(item.children) });
    } else {
      if (loose === undefined) {
        loose = [];
        sections.push({ title: 'Tasks', items: loose });
      }
      loose.push(item);
    }
  }
  return sections;
}

/** The tasks below a group, at any depth. */
function leavesOf(items: readonly PlanItem[]): PlanItem[] {
  return items.flatMap((item) =>
    item.children === undefined || item.children.length === 0 ? [item] : leavesOf(item.children),
  );
}

interface BoxOptions {
  readonly indent: string;
  /** Before the title: the number of the task. */
  readonly label?: string;
  /** The name of a task in dependencies; undefined for one that has none. */
  nameOf(key: string): string | undefined;
}

/** A box with its title, marks, description and criteria. */
function boxLines(item: PlanItem, { indent, label = '', nameOf }: BoxOptions): string[] {
  const after = (item.dependsOn ?? []).flatMap((key) => nameOf(key) ?? []);
  const marks = [
    ...(item.priority === undefined || item.priority === 'medium' ? [] : [`[${item.priority}]`]),
    ...(after.length === 0 ? [] : [`(depends on: ${after.join(', ')})`]),
  ];
  const box = item.status === 'completed' ? '[x]' : '[ ]';
  const description =
    item.description === undefined || item.description === item.title ? [] : item.description.split('\n');
  return [
    `${indent}- ${box} ${label}${[item.title, ...marks].join(' ')}`,
    ...description.map((line) => (line.trim() === '' ? '' : `${indent}  ${line}`)),
    ...(item.acceptance ?? []).map((criterion) => `${indent}  - Acceptance: ${criterion.replace(/\s+/g, ' ')}`),
  ];
}
