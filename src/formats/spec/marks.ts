import type { PlanItem } from '../../core/plan/plan.ts';

/** The facts that people write into the text of a task. */
export interface Marks {
  /** The text without the marks, as a title. */
  readonly title: string;
  /** The rest of the text after a bold title. */
  readonly rest?: string | undefined;
  /** `T012`, `1.2`, `US-1`. */
  readonly id?: string | undefined;
  /** May run beside the other tasks around it. */
  readonly parallel: boolean;
  /** `US1` */
  readonly story?: string | undefined;
  readonly priority?: PlanItem['priority'];
  /** Texts that name other tasks. */
  readonly dependsOn: readonly string[];
  readonly estimate?: string | undefined;
  readonly constraints?: PlanItem['constraints'];
}

const leadingId =
  /^(?:task[ \t]+)?([A-Z]{1,10}-?\d{1,6}(?:\.\d{1,4})*|\d{1,4}(?:\.\d{1,4})+|\d{1,4}(?=[.):]))[.):]?(?:[ \t]+(?:[-–—:][ \t]+)?|$)/i;
const dependencyNote =
  /[([][ \t]*(?:depends(?:[ \t]+on)?|dependenc(?:y|ies)|requires|blocked[ \t]+by|after)[ \t]*:?[ \t]+([^()[\]]{1,500})[)\]]/i;
const dependencyEnd = /[\s,;–—-]+(?:depends[ \t]+on|blocked[ \t]+by):?[ \t]+([^.()]{1,300})\.?$/i;
const dependencyLine =
  /^(?:\*\*|_)?(?:depends(?:[ \t]+on)?|dependenc(?:y|ies)|blocked[ \t]+by|prerequisites?)(?:\*\*|_)?[ \t]*(?::(?:\*\*|_)?|[ \t]on\b)[ \t]*(.{1,500})$/i;
const priorityNote =
  /[([{][ \t]*(?:priority[ \t]*:?[ \t]*)?(P[0-4]|critical|urgent|high|medium|normal|low)(?:[ \t]+priority)?[ \t]*[)\]}]/i;
const priorityLine =
  /^(?:\*\*)?priority(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]*(P[0-4]|critical|urgent|high|medium|normal|low)\b/i;
const estimateNote =
  /\((?:(?:est(?:imate)?|effort|size)[ \t]*[.:]?[ \t]*)?~?((?:\d{1,4}(?:[.,]\d{1,2})?(?:[ \t]*[-–][ \t]*\d{1,4})?)[ \t]*(?:minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|w|points?|pts?|sp))\)/i;
const estimateLine = /^(?:\*\*)?(?:estimate[ds]?|effort|size)(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]*(.{1,60})$/i;
const limitNote =
  /\((?:max(?:imum)?|budget|limit)[ \t]*:?[ \t]*(?:\$[ \t]*(\d{1,6}(?:\.\d{1,4})?)|(\d{1,9}(?:[.,]\d{1,3})?)[ \t]*(k?[ \t]*tokens?|minutes?|mins?|iterations?|turns?|usd|dollars?))\)/i;

/** Reads the marks of a task's first line. */
export function marksOf(text: string): Marks {
  let rest = text.trim();
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const found = pattern.exec(rest) ?? undefined;
    if (found !== undefined) rest = `${rest.slice(0, found.index)}${rest.slice(found.index + found[0].length)}`.trim();
    return found;
  };
  const bold = /^\*\*(.{1,300}?)\*\*[ \t]*(?:[:–—-][ \t]*)?(.*)$/.exec(rest);
  const after = bold?.[2]?.trim() ?? '';
  if (bold !== null) rest = (bold[1] ?? '').replace(/:$/, '');
  let id = take(leadingId)?.[1];
  let parallel = false;
  let story: string | undefined;
  let priority: PlanItem['priority'];
  const boldId = rest === '' && after !== '';
  if (boldId) rest = after;
  for (let tag = takeTag(rest); tag !== undefined; tag = takeTag(rest)) {
    if (tag.word === 'P') parallel = true;
    else if (/^US-?\d{1,4}$/i.test(tag.word)) story = tag.word.toUpperCase();
    else if (priorityOf(tag.word) !== undefined) priority = priorityOf(tag.word);
    else break;
    rest = tag.rest;
    id ??= take(leadingId)?.[1];
  }
  const noted = [take(dependencyNote)?.[1] ?? dependencyNote.exec(after)?.[1]];
  if (noted[0] === undefined) noted.push((dependencyEnd.exec(rest) ?? dependencyEnd.exec(after))?.[1]);
  priority ??= priorityOf(take(priorityNote)?.[1] ?? priorityNote.exec(after)?.[1]);
  const estimate = take(estimateNote)?.[1];
  const constraints = limitOf(take(limitNote) ?? limitNote.exec(after) ?? undefined);
  const title = plainTitle(rest);
  return {
    title,
    ...(after === '' || boldId ? {} : { rest: after }),
    ...(id === undefined ? {} : { id: id.replace(/\.$/, '') }),
    parallel,
    ...(story === undefined ? {} : { story }),
    ...(priority === undefined ? {} : { priority }),
    dependsOn: noted.flatMap((each) => (each === undefined ? [] : namesIn(each))),
    ...(estimate === undefined ? {} : { estimate }),
    ...(constraints === undefined ? {} : { constraints }),
  };
}

/** Names of tasks in a line such as `Depends on: T001, T002`; undefined for another line. */
export function dependenciesOfLine(text: string): readonly string[] | undefined {
  const found = dependencyLine.exec(text.trim())?.[1];
  return found === undefined ? undefined : namesIn(found);
}

export function priorityOfLine(text: string): PlanItem['priority'] {
  return priorityOf(priorityLine.exec(text.trim())?.[1]);
}

export function estimateOfLine(text: string): string | undefined {
  return estimateLine.exec(text.trim())?.[1]?.trim();
}

/** P0 and P1 are critical, as in the files of Spec Kit. */
export function priorityOf(word: string | undefined): PlanItem['priority'] {
  switch (word?.toLowerCase()) {
    case 'p0':
    case 'p1':
    case 'critical':
    case 'urgent':
      return 'critical';
    case 'p2':
    case 'high':
      return 'high';
    case 'p3':
    case 'medium':
    case 'normal':
      return 'medium';
    case 'p4':
    case 'low':
      return 'low';
    default:
      return undefined;
  }
}

/** A title without Markdown: emphasis, code marks, targets of links. */
export function plainTitle(text: string): string {
  return text
    .replace(/!?\[([^\]]{0,500})\]\([^)]{0,2000}\)/g, '$1')
    .replace(/\*\*|__|~~|`/g, '')
    .replace(/(?<![\w*])\*(?=\S)([^*]{1,300})\*(?!\w)/g, '$1')
    .replace(/[ \t]*(?:\p{Extended_Pictographic}\ufe0f?[ \t]*)+(?:MVP)?$/u, '')
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/[ \t:;,]+$/, '')
    .trim();
}

function takeTag(text: string): { word: string; rest: string } | undefined {
  const [all, word] = /^\[([^\]]{1,30})\](?!\()[ \t]*/.exec(text) ?? [];
  return all === undefined || word === undefined ? undefined : { word: word.trim(), rest: text.slice(all.length) };
}

/** Splits a list of names; ranges such as `T010-T012` become their members. */
function namesIn(text: string): string[] {
  const names = text
    .split(/[,;&+]|\band\b/i)
    .map((name) =>
      name
        .trim()
        .replace(/^["'`]+|["'`.]+$/g, '')
        .trim(),
    )
    .filter((name) => name !== '' && !/^(?:none|n\/a|nothing|-|–|—)$/i.test(name));
  return names.flatMap(rangeOf).slice(0, 1_000);
}

function rangeOf(name: string): string[] {
  const [, prefix = '', first = '', second = '', last = ''] =
    /^([A-Za-z]{0,10})(\d{1,6})[ \t]*(?:-|–|—|to|through|\.\.)[ \t]*([A-Za-z]{0,10})(\d{1,6})$/.exec(name) ?? [];
  const count = Number(last) - Number(first) + 1;
  if (last === '' || count < 2 || count > 500 || (second !== '' && second !== prefix)) return [name];
  return Array.from(
    { length: count },
    (_, index) => `${prefix}${String(Number(first) + index).padStart(first.length, '0')}`,
  );
}

function limitOf(found: RegExpExecArray | undefined): PlanItem['constraints'] {
  if (found === undefined) return undefined;
  const [, dollars, amount = '', unit = ''] = found;
  if (dollars !== undefined) return positive('max_cost_usd', Number(dollars));
  const number = Number(amount.replace(/,(?=\d{3})/g, ''));
  if (/token/i.test(unit)) return positive('max_tokens', Math.round(number * (/^k/i.test(unit) ? 1_000 : 1)));
  if (/^min/i.test(unit)) return positive('max_duration_minutes', number);
  if (/^(?:iter|turn)/i.test(unit)) return positive('max_iterations', Math.round(number));
  return positive('max_cost_usd', number);
}

function positive(key: string, value: number): PlanItem['constraints'] {
  return Number.isFinite(value) && value > 0 ? { [key]: value } : undefined;
}
