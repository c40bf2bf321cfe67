import { z } from 'zod';
import { anySuggestionKinds } from '../../core/analysis/suggestion.ts';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { recordDismissals } from '../../runtime/planning/dismissals.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';

/** Hides suggestions from code for everyone who works in this folder, or shows them again. */
export const planDismiss = defineOperation('plan.dismiss', {
  input: z.strictObject({
    keys: z
      .array(z.string().trim().min(1).max(2_000))
      .min(1)
      .max(1_000)
      .meta({ value: 'key' })
      .describe('Keys of suggestions, for example notes:src/price.ts.'),
    restore: z.boolean().optional().describe('Suggest them again.'),
  }),
  output: z.object({ keys: z.array(z.string()).readonly(), dismissed: z.boolean() }),
  positional: ['keys'],
  async run({ store }: WithStore, { keys, restore = false }) {
    const kinds: readonly string[] = anySuggestionKinds;
    const unknown = keys.find((key) => !kinds.includes(key.slice(0, key.indexOf(':'))));
    if (unknown !== undefined) {
      throw new TaskError('InvalidInput', `"${unknown}" is no key of a suggestion.`, {
        next: [textStep('List the keys: plan from-code --dry-run.')],
      });
    }
    await recordDismissals(store.folder, keys, restore ? 'restored' : 'dismissed');
    return { keys, dismissed: !restore };
  },
});
