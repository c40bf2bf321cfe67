import { z } from 'zod';
import { findTemplates } from '../../runtime/templates/template-files.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { templateFacts, templateSchema } from './template-output.ts';

/** Lists the templates of the workspace, of the person and the built-in ones. */
export const templateList = defineOperation('template.list', {
  input: z.strictObject({}),
  output: z.object({ templates: z.array(templateSchema), problems: z.array(z.string()).readonly() }),
  positional: [],
  takesNothing: true,
  async run({ store }: WithStore) {
    const { templates, problems } = await findTemplates(store.folder);
    return { templates: templates.map(templateFacts), problems };
  },
});
