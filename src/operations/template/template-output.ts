import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { readTemplate, type Template } from '../../formats/template/template.ts';
import type { TemplateSource } from '../../runtime/templates/template-files.ts';

/** Name of a template, as `template list` shows it. */
export const templateName = z.string().trim().min(1).max(100).describe('Template name.');

/** A template as commands report it. */
export const templateSchema = z.object({
  name: z.string(),
  origin: z.enum(['workspace', 'user', 'built-in']),
  file: z.string().optional(),
  title: z.string(),
  description: z.string().optional(),
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['string', 'text', 'choice']),
      required: z.boolean(),
      default: z.string().optional(),
      options: z.array(z.string()).optional(),
      description: z.string().optional(),
    }),
  ),
  /** The first fault of the file; such a template cannot be applied. */
  problem: z.string().optional(),
});

/** The facts about a template, or its fault. */
export function templateFacts({ name, origin, file, text }: TemplateSource): z.output<typeof templateSchema> {
  const place = { name, origin, ...(file === undefined ? {} : { file }) };
  try {
    const template = readTemplate(text, file ?? name);
    const { description } = template;
    return {
      ...place,
      title: template.name,
      ...(description === undefined ? {} : { description }),
      fields: template.fields.map(fieldFacts),
    };
  } catch (error) {
    return { ...place, title: name, fields: [], problem: TaskError.from(error).message };
  }
}

function fieldFacts(field: Template['fields'][number]): z.output<typeof templateSchema>['fields'][number] {
  const { name, type, required = false, options, description } = field;
  return {
    name,
    type,
    required,
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(options === undefined ? {} : { options }),
    ...(description === undefined ? {} : { description }),
  };
}
