import { z } from 'zod';
import type { OwnTool } from '../../core/agent/own-tools.ts';

/** A tool of a task's own agent. */
export interface AgentTool {
  /** One or two sentences for a model. */
  readonly description: string;
  readonly input: z.ZodObject;
  readonly reads: boolean;
  readonly idempotent: boolean;
}

const task = z
  .union([z.string().trim().min(1).max(100), z.number().int().positive()])
  .optional()
  .describe('A part of your task, by number. Default: your task.');
const lines = z.array(z.string().trim().min(1).max(2_000)).max(50).optional();

export const currentInput = z.strictObject({ task });
export const progressInput = z.strictObject({
  percent: z.number().min(0).max(100),
  message: z.string().trim().min(1).max(500).optional(),
});
export const noteInput = z.strictObject({ text: z.string().trim().min(1).max(10_000), task });
export const askInput = z.strictObject({
  question: z.string().trim().min(1).max(10_000),
  options: z.array(z.string().trim().min(1).max(200)).min(2).max(20).optional(),
});
export const partInput = z.strictObject({
  title: z.string().trim().min(1).max(200),
  instructions: z.string().max(100_000).optional(),
  acceptance: lines.describe('Criteria by which it is done.'),
  dependsOn: z.array(z.number().int().positive()).max(50).optional().describe('Numbers of other parts.'),
});
export const handOverInput = z.strictObject({
  done: z.string().trim().min(1).max(10_000).describe('Finished work.'),
  decisions: lines,
  open: lines.describe('Unfinished work and open questions.'),
  files: lines,
  verify: lines.describe('Commands or steps that verify the work.'),
  verdict: z.enum(['accept', 'send_back']).optional().describe('Only of a review.'),
  reasons: lines.describe('Faults that must be fixed, for send_back.'),
});

/** The tools by name. Together they have few words, because a model reads them with every request. */
export const agentTools: Readonly<Record<OwnTool, AgentTool>> = {
  task_current: {
    description: 'Show your task: instructions, criteria, parts, limits and notes of earlier agents.',
    input: currentInput,
    reads: true,
    idempotent: true,
  },
  task_progress: {
    description: 'Report how far your task is, after each larger step.',
    input: progressInput,
    reads: false,
    idempotent: true,
  },
  task_note: {
    description: 'Add a note to the log of the task: a finding or a decision that the person should see.',
    input: noteInput,
    reads: false,
    idempotent: false,
  },
  task_ask: {
    description:
      'Ask the person a question and wait for the answer. Only if you cannot continue without it. If the call times out, ask the same question again.',
    input: askInput,
    reads: false,
    idempotent: true,
  },
  task_create_part: {
    description: 'Create a part of your task for later. It does not start: the person decides about it.',
    input: partInput,
    reads: false,
    idempotent: false,
  },
  task_hand_over: {
    description: 'Leave a note for the next agent or the reviewer, at the end of your work. The last one counts.',
    input: handOverInput,
    reads: false,
    idempotent: true,
  },
};
