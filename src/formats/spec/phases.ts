import { type PlanItem, placedItems } from '../../core/plan/plan.ts';
import type { SpecPlan } from './parse.ts';

/** A task of a specification, with the titles of the tasks that it depends on. */
export interface SpecTask {
  readonly title: string;
  readonly description: string;
  readonly constraints: NonNullable<PlanItem['constraints']>;
  readonly dependencies: readonly string[];
}

export interface SpecPhase {
  readonly title: string;
  readonly description: string;
  readonly tasks: readonly SpecTask[];
}

/** The top groups of a plan with all tasks below them. Tasks outside of groups are a phase with the title of the plan. */
export function phasesOf({ plan, title }: SpecPlan): SpecPhase[] {
  const titles = new Map(placedItems(plan).map(({ item }) => [item.key, item.title] as const));
  const task = (item: PlanItem): SpecTask => ({
    title: item.title,
    description: item.description ?? item.title,
    constraints: item.constraints ?? {},
    dependencies: (item.dependsOn ?? []).map((key) => titles.get(key) ?? key),
  });
  const phases: { title: string; description: string; tasks: SpecTask[] }[] = [];
  let loose: SpecTask[] | undefined;
  for (const item of plan.items) {
    if (item.kind === 'group') {
      const tasks = placedItems({ items: [item] }).filter((each) => each.item.kind === 'work');
      phases.push({
        title: item.title,
        description: item.description ?? item.title,
        tasks: tasks.map((each) => task(each.item)),
      });
      loose = undefined;
      continue;
    }
    if (loose === undefined) {
      loose = [];
      phases.push({ title: title === '' ? 'Tasks' : title, description: plan.description ?? title, tasks: loose });
    }
    loose.push(task(item));
  }
  return phases;
}
