import { jsonIn } from '../text/json-in.ts';
import { handoffNoteSchema } from './handoff-schema.ts';
import type { HandoffNote } from './schema.ts';

/** The last note in a message that satisfies the schema. Undefined without one. */
export function noteIn(message: string): HandoffNote | undefined {
  return jsonIn(message, handoffNoteSchema) as HandoffNote | undefined;
}
