import { z } from 'zod';
import { writeTemplate } from '../../runtime/templates/template-files.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { templateName } from './template-output.ts';

const skeleton = (name: string): string => `name: ${JSON.stringify(name)}
description: "What this template is for"

# Values that the person gives: string (one line), text (several lines) or choice.
fields:
  - name: subject
    type: string
    required: true
  - name: size
    type: choice
    options: [small, large]
    default: small

# Limits of all parts together. Expressions use the fields.
resource_constraints:
  max_tokens: "{{ 10000 if size == 'small' else 40000 }}"
  max_duration_minutes: 60

# Steps run one after the other. Use "subtasks:" for parts that are independent of each other.
workflow:
  - title: "Plan {{ subject }}"
    description: "Read the code and describe the approach"
  - title: "Implement {{ subject }}"
`;

/** Writes a commented template file into the workspace. */
export const templateNew = defineOperation('template.new', {
  input: z.strictObject({ name: templateName }),
  output: z.object({ name: z.string(), file: z.string() }),
  positional: ['name'],
  async run({ store }: WithStore, { name }) {
    return { name, file: await writeTemplate(store.folder, name, skeleton(name)) };
  },
});
