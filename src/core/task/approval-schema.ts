import { z } from 'zod';

export const approvalKinds = ['gate', 'tool', 'feedback'] as const;
/** Values of earlier versions, valid in stored tasks only: a face shows them like a tool request. */
const formerApprovalKinds = ['merge', 'budget'] as const;

/** A task that waits for a person before it starts. */
export const gateSchema = z.looseObject({
  required: z.boolean(),
  approver: z.string().max(200).optional(),
});

/** One value of an answer that an agent asks for in a form. */
export const questionFieldSchema = z.looseObject({
  name: z.string().min(1).max(200),
  title: z.string().max(500).optional(),
  description: z.string().max(2_000).optional(),
  type: z.enum(['string', 'number', 'integer', 'boolean', 'array']),
  options: z
    .array(z.looseObject({ value: z.string().max(500), title: z.string().max(500).optional() }))
    .max(100)
    .optional(),
  required: z.boolean(),
});

/** Details that a person needs to decide. The requester caps sizes; the log has the full text. */
export const approvalDetailSchema = z.looseObject({
  toolName: z.string().optional(),
  toolKind: z.string().optional(),
  command: z.string().optional(),
  files: z.array(z.string()).optional(),
  diffs: z.array(z.looseObject({ path: z.string(), oldText: z.string().optional(), newText: z.string() })).optional(),
  input: z.unknown().optional(),
  /** True if redaction changed the request: no rule and no earlier approval answers it. */
  redacted: z.boolean().optional(),
  /** The whole of a question, whose title is its last line. */
  question: z.string().optional(),
  /** Fields of the answer if the agent asks for a form. */
  fields: z.array(questionFieldSchema).max(50).optional(),
});

/** A decision asked of a person: kept in the task, so that any face can decide it, also after a restart. */
export const approvalSchema = z.looseObject({
  id: z.string(),
  /** 1, 2, 3 … within the task, for `--request N`. */
  number: z.number().int().positive(),
  kind: z.enum([...approvalKinds, ...formerApprovalKinds]),
  title: z.string().max(2_000),
  status: z.enum(['pending', 'approved', 'rejected', 'expired']),
  requested_at: z.string(),
  detail: approvalDetailSchema.optional(),
  /** The execution that waits for the answer; none for a gate. */
  execution_id: z.string().optional(),
  /** Index of the workflow's step whose start the gate asks for. Missing: the task's own gate. */
  step: z.number().int().nonnegative().optional(),
  decided_at: z.string().optional(),
  decided_by: z.string().optional(),
  /** Words of the person: notes of an approval, reason of a rejection, the answer to a question. */
  notes: z.string().max(10_000).optional(),
  /** `task`: the same kind of request is approved for the rest of this task. */
  scope: z.enum(['once', 'task']).optional(),
  /** The rule that was written with the decision: `allow command "npm test *"`. */
  rule: z.string().max(1_000).optional(),
  /** An answered gate consumed by a restart: the next start asks again. An answer that the agent was given. */
  spent: z.boolean().optional(),
});

export type ApprovalKind = (typeof approvalKinds)[number];
export type Gate = z.infer<typeof gateSchema>;
export type ApprovalDetail = z.infer<typeof approvalDetailSchema>;
export type QuestionField = z.infer<typeof questionFieldSchema>;
export type Approval = z.infer<typeof approvalSchema>;
