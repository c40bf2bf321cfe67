import * as z from 'zod/mini';

/** A value that an agent asks for. */
export const formFieldSchema = z.object({
  name: z.string(),
  label: z.string(),
  about: z.optional(z.string()),
  /** `text` takes several lines; `many` takes any number of the options. */
  kind: z.enum(['line', 'text', 'number', 'choice', 'many']),
  options: z.array(z.object({ value: z.string(), label: z.string() })),
  required: z.boolean(),
});

/** The values of a form by the names of its fields. */
export const formValuesSchema = z.record(
  z.string().check(z.maxLength(200)),
  z.union([z.string().check(z.maxLength(10_000)), z.array(z.string().check(z.maxLength(500)))]),
);

/** Unsent answers by the keys of their requests. */
export const draftsSchema = z.record(z.string(), formValuesSchema);

export type FormField = z.output<typeof formFieldSchema>;
export type FormValues = z.output<typeof formValuesSchema>;
export type Drafts = z.output<typeof draftsSchema>;
