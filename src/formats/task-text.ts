import { Document, isScalar, type Scalar, visit } from 'yaml';
import { z } from 'zod';
import { parseInput } from '../core/task/create.ts';
import { prioritySchema } from '../core/task/schema.ts';
import { parseYaml } from './yaml.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const words = z
  .array(z.union([z.string(), z.number()]).transform(String))
  .nullish()
  .transform((value) => value ?? []);

const textSchema = z.strictObject({
  title: z.string(),
  priority: prioritySchema,
  agent: z.string(),
  project: text,
  labels: words,
  depends_on: words,
  acceptance: words,
  description: text,
  instructions: text,
});

/** The fields of a task that a person edits as text. An empty text or list removes the value. */
export type TaskText = z.output<typeof textSchema>;

const header = ` Save and close to keep the changes. An empty file changes nothing.
 priority: critical, high, medium or low. depends_on: numbers or exact titles.`;

/** A task as YAML for a text editor: one field a line, long texts as blocks. */
export function writeTaskText(task: TaskText): string {
  const document = new Document(task);
  document.commentBefore = header;
  visit(document, {
    Pair(_, { key, value }) {
      const block = isScalar(key) && (key.value === 'description' || key.value === 'instructions');
      if (block && isScalar(value) && value.value !== '') (value as Scalar).type = 'BLOCK_LITERAL';
    },
  });
  return document.toString({ lineWidth: 0 });
}

/**
 * Reads the edited text. Undefined if nothing but comments and blank lines is left.
 *
 * @throws TaskError `InvalidInput` with line and column, or with the wrong field
 */
export function readTaskText(edited: string): TaskText | undefined {
  if (edited.split(/\r?\n/).every((line) => line.trim() === '' || line.trimStart().startsWith('#'))) return undefined;
  const task = parseInput(textSchema, parseYaml(edited, 'The edited task'));
  // A block ends with a line break that belongs to the notation.
  const trimmed = (value: string): string => value.replace(/\s+$/, '');
  return { ...task, description: trimmed(task.description), instructions: trimmed(task.instructions) };
}
