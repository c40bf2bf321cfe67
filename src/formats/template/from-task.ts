import { stringify } from 'yaml';
import type { TaskRecord } from '../../core/task/schema.ts';

/** Text that stays as it is when the template is rendered. */
function literal(text: string): string {
  return text.replace(/\{[{%#]/g, (opening) => `{{ '${opening}' }}`);
}

/**
 * The YAML of a template that makes a task like this one, with its parts.
 *
 * @param parts - the direct children in order, each after those that it depends on
 */
export function templateOf(task: TaskRecord, parts: readonly TaskRecord[]): string {
  const { max_tokens, max_cost_usd, max_duration_minutes, max_iterations, allowed_tools } = task.constraints;
  const constraints = { max_tokens, max_cost_usd, max_duration_minutes, max_iterations, allowed_tools };
  const titles = new Map(parts.map((part) => [part.id, literal(part.title)] as const));
  const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : literal(value));
  return stringify(
    compact({
      name: task.title,
      description: text(task.description),
      title: literal(task.title),
      instructions: text(task.instructions),
      agent: task.tool,
      priority: task.priority,
      labels: task.labels.length === 0 ? undefined : task.labels.map(literal),
      acceptance_criteria: task.acceptance_criteria.length === 0 ? undefined : task.acceptance_criteria.map(literal),
      resource_constraints: Object.values(constraints).some((value) => value !== undefined)
        ? compact(constraints)
        : undefined,
      subtasks:
        parts.length === 0
          ? undefined
          : parts.map((part) => {
              const before = part.depends_on.flatMap((id) => titles.get(id) ?? []);
              return compact({
                title: literal(part.title),
                description: part.description === part.title ? undefined : text(part.description),
                instructions: text(part.instructions),
                agent: part.tool,
                depends_on: before.length === 0 ? undefined : before,
              });
            }),
    }),
    { aliasDuplicateObjects: false },
  );
}

function compact(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
