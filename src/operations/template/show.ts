import { z } from 'zod';
import { findTemplate } from '../../runtime/templates/template-files.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { templateFacts, templateName, templateSchema } from './template-output.ts';

/** Shows one template with its source. */
export const templateShow = defineOperation('template.show', {
  input: z.strictObject({ name: templateName }),
  output: templateSchema.extend({ text: z.string() }),
  positional: ['name'],
  async run({ store }: WithStore, { name }) {
    const source = await findTemplate(store.folder, name);
    return { ...templateFacts(source), text: source.text };
  },
});
