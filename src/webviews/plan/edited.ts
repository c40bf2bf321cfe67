import { compact, fill, money } from '../kit/format.ts';
import type { LimitName, PlanRow, PlanWords } from './protocol.ts';
import { edits } from './state.ts';

/** The values of an item with the changes of the person. */
export function titleOf({ key, title }: PlanRow): string {
  return edits.value[key]?.title ?? title;
}

export function limitOf({ key, limits }: PlanRow, name: LimitName): number | null {
  const changed = edits.value[key]?.limits?.[name];
  return (changed === undefined ? limits[name] : changed) ?? null;
}

export function agentOf({ key, agent, phases }: PlanRow, words: PlanWords): string {
  const changed = edits.value[key]?.agent;
  if (changed !== undefined && changed !== null) return changed;
  return phases ? words.phases : agent;
}

/** The limits in short: `20K · $2.00 · 60 min`. */
export function limitsText(item: PlanRow, words: PlanWords): string {
  const lang = document.documentElement.lang;
  const [tokens, cost, minutes] = [
    limitOf(item, 'max_tokens'),
    limitOf(item, 'max_cost_usd'),
    limitOf(item, 'max_duration_minutes'),
  ];
  return [
    ...(tokens === null ? [] : [compact(tokens, lang)]),
    ...(cost === null ? [] : [money(cost)]),
    ...(minutes === null ? [] : [fill(words.shortMinutes, minutes)]),
  ].join(' · ');
}
