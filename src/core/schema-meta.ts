import type { z } from 'zod';

/**
 * Description and other facts of a schema. A schema that is built on first use (`deferred-schema.ts`) is not in the registry
 * of zod, but answers like the built one.
 */
export function metaOf(schema: z.core.$ZodType): z.core.GlobalMeta | undefined {
  return (schema as z.ZodType).meta();
}
