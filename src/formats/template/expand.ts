import { TaskError } from '../../core/errors.ts';
import { type NextStep, suggestions } from '../../core/next-step.ts';
import { type Plan, type PlanItem, planSchema } from '../../core/plan/plan.ts';
import { parseInput, titleFrom } from '../../core/task/create.ts';
import { sameWord } from '../../core/text/suggestion.ts';
import { compileExpression, type FieldValues } from './expression.ts';
import type { Template, TemplateField, TemplatePart } from './template.ts';

/**
 * The plan of a template with these values: one task, or a group with the template's subtasks or workflow steps as its
 * children. A workflow whose steps all have an agent becomes one task with these steps. Limits are those of the group,
 * which its children share, or of the task; allowed tools apply to each child.
 *
 * @throws TaskError `InvalidInput` for a missing, unknown or wrong field value, or a fault of the template
 */
export function expandTemplate(template: Template, given: FieldValues): Plan {
  const values = fieldValues(template.fields, given);
  const names = template.fields.map((field) => field.name);
  const render = (text: string, place: string): string =>
    compileExpression(text, names, `${template.name}: ${place}`).render(values);
  const optional = (text: string | undefined, place: string): string | undefined =>
    text === undefined ? undefined : render(text, place);
  const { allowed_tools: tools, ...amounts } = constraintsOf(template, render);
  const steps = agentSteps(template);
  const parts = steps === undefined ? (template.subtasks ?? template.workflow) : undefined;
  const context = contextOf(titleOf(template, values, render), values);
  const children = parts === undefined ? undefined : partItems(template, parts, { render, tools, context });
  const root = {
    key: 'task',
    kind: children === undefined ? 'work' : 'group',
    title: titleOf(template, values, render),
    description: optional(template.description, 'description'),
    instructions: optional(template.instructions, 'instructions'),
    ...(steps === undefined ? { agent: template.agent } : { workflow: stepItems(template, steps, render) }),
    priority: optional(template.priority, 'priority'),
    labels: template.labels?.map((label, index) => render(label, `labels.${index}`)),
    acceptance: template.acceptance_criteria?.map((text, index) => render(text, `acceptance_criteria.${index}`)),
    constraints: { ...amounts, ...(tools === undefined ? {} : { allowed_tools: tools }) },
    metadata: { template: template.name, template_fields: values },
    children,
  };
  return parseInput(planSchema, { items: [root] });
}

/** The values of all fields: the given one, else the default. */
export function fieldValues(fields: readonly TemplateField[], given: FieldValues): FieldValues {
  for (const name of Object.keys(given)) {
    if (fields.some((field) => field.name === name)) continue;
    const names = fields.map((field) => field.name);
    throw new TaskError('InvalidInput', `The template has no field "${name}". Fields: ${names.join(', ') || 'none'}.`, {
      next: suggestions(name, names),
    });
  }
  return Object.fromEntries(fields.map((field) => [field.name, fieldValue(field, given[field.name])]));
}

function fieldValue(field: TemplateField, given: string | undefined): string {
  const value = given ?? field.default ?? '';
  const fail = (message: string, next: readonly NextStep[] = []): TaskError =>
    new TaskError('InvalidInput', `Field "${field.name}" ${message}.`, { next });
  if (value.trim() === '') {
    if (field.required === true) throw fail('is required');
    return '';
  }
  const limit = field.max_length ?? (field.type === 'string' ? 500 : 20_000);
  if (value.length > limit) throw fail(`has ${value.length} characters; the limit is ${limit}`);
  if (field.type === 'string' && /[\r\n]/.test(value)) throw fail('takes a single line');
  if (field.options === undefined || field.options.includes(value)) return value;
  const option = sameWord(value, field.options);
  if (option !== undefined) return option;
  throw fail(`takes one of ${field.options.join(', ')}, not "${value}"`, suggestions(value, field.options));
}

/** Characters of the name of a phase. */
const PHASE_CHARS = 100;

type Render = (text: string, place: string) => string;

function titleOf(template: Template, values: FieldValues, render: Render): string {
  if (template.title !== undefined) return titleFrom(render(template.title, 'title'));
  const main = template.fields.find((field) => field.required === true);
  const value = main === undefined ? '' : (values[main.name] ?? '').trim();
  return titleFrom(value === '' ? template.name : `${template.name}: ${value}`);
}

function constraintsOf(template: Template, render: Render): Record<string, unknown> & { allowed_tools?: string[] } {
  return amountsOf(template, template.resource_constraints, render, 'resource_constraints');
}

function amountsOf(
  template: Template,
  given: Template['resource_constraints'],
  render: Render,
  where: string,
): Record<string, unknown> & { allowed_tools?: string[] } {
  const constraints: Record<string, unknown> & { allowed_tools?: string[] } = {};
  const { allowed_tools: tools, ...amounts } = given ?? {};
  for (const [key, source] of Object.entries(amounts)) {
    if (source === undefined) continue;
    const place = `${where}.${key}`;
    const rendered = typeof source === 'number' ? source : Number(render(source, place).trim() || Number.NaN);
    if (!Number.isFinite(rendered)) {
      throw new TaskError('InvalidInput', `${template.name}: ${place} does not give a number.`);
    }
    constraints[key] = rendered;
  }
  if (tools !== undefined) {
    constraints.allowed_tools = tools.map((tool, index) => render(tool, `${where}.allowed_tools.${index}`));
  }
  return constraints;
}

type AgentStep = TemplatePart & { readonly agent: string };

/** The steps of a workflow that all have an agent of their own or that of the template. */
function agentSteps({ workflow, agent }: Template): AgentStep[] | undefined {
  const steps = workflow?.map((part) => ({ ...part, agent: part.agent ?? agent }));
  return steps?.every((step): step is AgentStep => step.agent !== undefined) ? steps : undefined;
}

/** The prompt of each step has the task around it, so that its text does not repeat it. */
function stepItems(template: Template, steps: readonly AgentStep[], render: Render): unknown[] {
  return steps.map((step, index) => {
    const at = (key: string): string => `workflow.${index}.${key}`;
    const optional = (text: string | undefined, key: string): string | undefined =>
      text === undefined ? undefined : render(text, at(key));
    const limited = amountsOf(template, step.resource_constraints, render, at('resource_constraints'));
    const title = titleFrom(render(step.title, at('title')));
    const phase = step.phase ?? title.slice(0, PHASE_CHARS);
    const about = [phase === title ? '' : title, optional(step.description, 'description') ?? ''].filter(Boolean);
    return {
      agent: step.agent,
      phase,
      description: about.length === 0 ? undefined : about.join('\n\n'),
      instructions: optional(step.instructions, 'instructions'),
      gate: step.gate,
      checks: step.checks?.map((check, each) => render(check, at(`checks.${each}`))),
      constraints: Object.keys(limited).length === 0 ? undefined : limited,
    };
  });
}

function partItems(
  template: Template,
  parts: readonly TemplatePart[],
  { render, tools, context }: { render: Render; tools: readonly string[] | undefined; context: string },
): unknown[] {
  const place = template.workflow === undefined ? 'subtasks' : 'workflow';
  const sequential = template.workflow !== undefined || template.subtask_order === 'sequential';
  const keys = new Map(parts.map((part, index) => [part.title, `${place}.${index + 1}`] as const));
  return parts.map((part, index) => {
    const at = (key: string): string => `${place}.${index}.${key}`;
    const own = (part.depends_on ?? []).map((title) => {
      const key = keys.get(title);
      if (key !== undefined) return key;
      throw new TaskError('InvalidInput', `${template.name}: ${at('depends_on')}: no part has the title "${title}".`);
    });
    const dependsOn = sequential && index > 0 ? [...new Set([...own, `${place}.${index}`])] : own;
    return {
      key: `${place}.${index + 1}`,
      title: titleFrom(render(part.title, at('title'))),
      // An agent sees only its own task, so a part without fields in its text includes the goal of the group.
      description: [
        ...(part.description === undefined ? [] : [render(part.description, at('description'))]),
        ...(namesField(part) ? [] : [context]),
      ].join('\n\n'),
      instructions: part.instructions === undefined ? undefined : render(part.instructions, at('instructions')),
      agent: part.agent ?? template.agent,
      priority: optionalPriority(part.priority ?? template.priority, render, at('priority')),
      dependsOn,
      constraints: tools === undefined ? undefined : { allowed_tools: tools },
    } satisfies Partial<Record<keyof PlanItem, unknown>>;
  });
}

/** The whole and the values of its fields, for a part of it. */
function contextOf(title: string, values: FieldValues): string {
  const facts = Object.entries(values).filter(([, value]) => value !== '');
  return [`Part of "${title}".`, ...facts.map(([name, value]) => `- ${name}: ${value}`)].join('\n');
}

function namesField({ title, description = '', instructions = '' }: TemplatePart): boolean {
  return [title, description, instructions].some((text) => text.includes('{{'));
}

function optionalPriority(source: string | undefined, render: Render, place: string): string | undefined {
  return source === undefined ? undefined : render(source, place).trim();
}
