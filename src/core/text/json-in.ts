import type { z } from 'zod';

/** JSON of agents is in a fenced block. The name of the fence is optional, because models leave it out. */
const fenced = /^```(?:\w+)?[ \t]*\r?\n([\s\S]*?)\r?\n[ \t]*```/gm;

/**
 * The last value in the fenced blocks of a message that satisfies the schema; otherwise the whole message, if it is such
 * a value. Undefined without one.
 */
export function jsonIn<S extends z.ZodType>(message: string, schema: S): z.output<S> | undefined {
  const texts = [...message.matchAll(fenced)].map(([, text = '']) => text).reverse();
  for (const text of [...texts, message]) {
    const parsed = schema.safeParse(parsedJson(text));
    if (parsed.success) return parsed.data;
  }
  return undefined;
}

/** Asks an agent for a value that `jsonIn` reads. */
export function askForJson(what: string, form: string, fence = 'json'): string {
  return `End your last message with ${what} in this form:\n\n\`\`\`${fence}\n${form}\n\`\`\``;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
