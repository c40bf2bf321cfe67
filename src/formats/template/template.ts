import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { parseInput } from '../../core/task/create.ts';
import { parseYaml } from '../yaml.ts';

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be a name such as feature_name');
const text = z.string().max(20_000);
/** A number, or an expression that gives one. */
const amount = z.union([z.number(), text]);

const fieldSchema = z
  .strictObject({
    name,
    /** `string` is one line, `text` several, `choice` one of `options`. */
    type: z.enum(['string', 'text', 'choice']).default('string'),
    description: text.optional(),
    required: z.boolean().optional(),
    options: z.array(z.coerce.string().min(1).max(200)).min(1).max(100).optional(),
    default: z.coerce.string().max(20_000).optional(),
    /** A regular expression for the whole value would come from an untrusted file; a length is enough. */
    max_length: z.number().int().positive().max(20_000).optional(),
  })
  .superRefine((field, context) => {
    const fail = (message: string): void => {
      context.addIssue({ code: 'custom', message: `field "${field.name}" ${message}` });
    };
    if (field.type === 'choice' && field.options === undefined) fail('is a choice and needs options');
    if (field.type !== 'choice' && field.options !== undefined) fail('has options, so its type must be choice');
    if (field.default !== undefined && field.options?.includes(field.default) === false) {
      fail(`has the default "${field.default}", which is not one of its options`);
    }
  });

const constraintsSchema = z.strictObject({
  max_tokens: amount.optional(),
  max_cost_usd: amount.optional(),
  max_duration_minutes: amount.optional(),
  max_iterations: amount.optional(),
  allowed_tools: z.array(text).max(100).optional(),
});

const partSchema = z.strictObject({
  title: text,
  /** A word for the step of a workflow: design, implementation, review. Default: the title. */
  phase: z.string().trim().min(1).max(100).optional(),
  description: text.optional(),
  instructions: text.optional(),
  agent: z.string().max(64).optional(),
  priority: text.optional(),
  /** Titles of other parts, as written in the template. */
  depends_on: z.array(text).max(100).optional(),
  /** True if a person must approve the start of the step. */
  gate: z.boolean().optional(),
  /** Commands that must succeed after the step. */
  checks: z.array(text).max(20).optional(),
  /** Limits and tools of the step. */
  resource_constraints: constraintsSchema.optional(),
});

export const templateSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    description: text.optional(),
    fields: z.array(fieldSchema).max(50).default([]),
    /** Title of the task that contains the parts; default: the name and the first required field. */
    title: text.optional(),
    instructions: text.optional(),
    agent: z.string().max(64).optional(),
    priority: text.optional(),
    labels: z.array(text).max(50).optional(),
    acceptance_criteria: z.array(text).max(100).optional(),
    resource_constraints: constraintsSchema.optional(),
    /** Parts of the task; independent of each other unless `subtask_order` is `sequential`. */
    subtasks: z.array(partSchema).max(200).optional(),
    subtask_order: z.enum(['parallel', 'sequential']).optional(),
    /** Steps of the task, each after the one before: its own execution if it has an agent, otherwise a part. */
    workflow: z.array(partSchema).max(200).optional(),
  })
  .superRefine((template, context) => {
    const names = template.fields.map((field) => field.name);
    const twice = names.find((each, index) => names.indexOf(each) !== index);
    if (twice !== undefined) context.addIssue({ code: 'custom', message: `two fields have the name "${twice}"` });
    if (template.subtasks !== undefined && template.workflow !== undefined) {
      context.addIssue({ code: 'custom', message: 'a template has subtasks or a workflow, not both' });
    }
  });

export type Template = z.output<typeof templateSchema>;
export type TemplateField = Template['fields'][number];
export type TemplatePart = z.output<typeof partSchema>;

/**
 * Reads a template file.
 *
 * @param file - names the file in messages
 * @throws TaskError `InvalidInput` with line and column for broken YAML, with the key for a wrong value
 */
export function readTemplate(source: string, file: string): Template {
  const value = parseYaml(source, file);
  try {
    return parseInput(templateSchema, value);
  } catch (error) {
    const { code, message } = TaskError.from(error);
    throw new TaskError(code, `${file}: ${message}`, { cause: error });
  }
}
