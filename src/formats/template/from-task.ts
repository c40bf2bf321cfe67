import { stringify } from 'yaml';
import { renameLimits } from '../../core/policy/limit-names.ts';
import type { Constraints, TaskRecord } from '../../core/task/schema.ts';

/** Text that renders unchanged in a template. */
function literal(text: string): string {
  return text.replace(/\{[{%#]/g, (opening) => `{{ '${opening}' }}`);
}

/**
 * The YAML of a template that makes a task like this one, with its parts.
 *
 * @param parts - the direct children in order, each after those that it depends on
 */
export function templateOf(task: TaskRecord, parts: readonly TaskRecord[]): string {
  const constraints = limitsOf(task.constraints);
  const titles = new Map(parts.map((part) => [part.id, literal(part.title)] as const));
  const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : literal(value));
  return stringify(
    compact({
      name: task.title,
      description: text(task.description),
      title: literal(task.title),
      instructions: text(task.instructions),
      agent: task.workflow === undefined ? task.tool : undefined,
      priority: task.priority,
      labels: task.labels.length === 0 ? undefined : task.labels.map(literal),
      acceptance_criteria: task.acceptance_criteria.length === 0 ? undefined : task.acceptance_criteria.map(literal),
      resource_constraints: Object.keys(constraints).length === 0 ? undefined : constraints,
      workflow: task.workflow?.map((step) =>
        compact({
          title: literal(step.phase),
          description: text(step.description),
          instructions: text(step.instructions),
          agent: step.agent,
          gate: step.gate,
          checks: step.checks?.map(literal),
          resource_constraints: step.constraints === undefined ? undefined : limitsOf(step.constraints),
        }),
      ),
      subtasks:
        task.workflow !== undefined || parts.length === 0
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

function limitsOf({ allowed_tools, ...limits }: Constraints): Record<string, unknown> {
  return compact({ ...renameLimits(limits, 'constraint', 'constraint'), allowed_tools });
}

function compact(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
