import { fieldsOf, textOf } from './wire.ts';

export interface PlanEntry {
  readonly content: string;
  readonly status: string;
}

/** Further entries are hidden, because a plan that long is not readable. */
const PLAN_ENTRIES = 200;
const CONTENT_CHARS = 500;

/** The valid steps of an agent's plan. */
export function readPlan(entries: readonly unknown[]): PlanEntry[] {
  return entries.slice(0, PLAN_ENTRIES).flatMap((entry) => {
    const fields = fieldsOf(entry);
    const content = textOf(fields?.content);
    const status = textOf(fields?.status);
    if (content === undefined || status === undefined) return [];
    return [{ content: content.slice(0, CONTENT_CHARS), status: status.slice(0, 50) }];
  });
}
