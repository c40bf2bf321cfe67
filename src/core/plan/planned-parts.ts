import { z } from 'zod';
import { titleSchema } from '../task/create.ts';
import { askForJson, jsonIn } from '../text/json-in.ts';

/** The parts that an agent proposes. They name no agent, tool or limit: those come from the task. */
const partsSchema = z.object({
  parts: z
    .array(
      z.object({
        title: titleSchema,
        description: z.string().max(20_000).optional(),
        /** Positions of earlier parts, from 1. */
        after: z.array(z.number().int().positive()).max(20).optional(),
      }),
    )
    .min(2)
    .max(200),
});

export type ProposedPart = z.output<typeof partsSchema>['parts'][number];

/** The last proposal in a message. Undefined if it has none in this form, or one whose parts wait for later parts. */
export function proposedParts(message: string): ProposedPart[] | undefined {
  const parts = jsonIn(message, partsSchema)?.parts;
  const isInOrder = parts?.every(({ after = [] }, index) => after.every((position) => position <= index));
  return isInOrder === true ? parts : undefined;
}

/** The order for an agent that proposes the parts of a task. */
export function splitOrder(task: { readonly title: string; readonly description: string }, count: number): string {
  const form =
    '{ "parts": [{ "title": "…", "description": "…" }, { "title": "…", "description": "…", "after": [1] }] }';
  return [
    `Propose how to split the task below into about ${count} parts that different agents can do in parallel. Read the files that you need, and change none. Each part must be complete without the others: its agent sees only its own text. Avoid two parts that change the same file. "after" lists the positions of earlier parts that must be completed first.`,
    `## The task\n\n${task.title}\n\n${task.description}`,
    askForJson('the parts', form),
  ].join('\n\n');
}
