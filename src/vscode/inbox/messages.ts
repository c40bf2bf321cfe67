import { z } from 'zod';
import type { FromPage } from '../../webviews/inbox/protocol.ts';

const key = z.string().min(1).max(10_000);

const fromPageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({
    type: z.literal('decide'),
    keys: z.array(key).min(1).max(1_000),
    decision: z.enum(['approve', 'approveForTask', 'remember', 'reject']),
    reason: z.string().max(10_000).optional(),
    shown: z.string().max(100).optional(),
  }),
  z.strictObject({ type: z.enum(['rule', 'context', 'open', 'answer']), key }),
  z.strictObject({ type: z.literal('trust') }),
]);

/** What the page says, or undefined for anything else: a page is not trusted. */
export function parseMessage(value: unknown): FromPage | undefined {
  return fromPageSchema.safeParse(value).data;
}
