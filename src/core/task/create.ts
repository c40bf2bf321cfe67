import { z } from 'zod';
import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import { allowedToolSchema } from '../tools/tool-grammar.ts';
import type { AITool } from './agents.ts';
import { parseAnyCase } from './any-case.ts';
import { checkpointMinutesSchema } from './checkpoint-schema.ts';
import { requireMode } from './collaboration.ts';
import { collaborationModeSchema } from './collaboration-mode.ts';
import { newTaskId, type TaskId, taskIdSchema } from './id.ts';
import { issueWords } from './input-words.ts';
import { jsonObject } from './json-value.ts';
import type { Known } from './known.ts';
import { newStepsSchema } from './new-step-schema.ts';
import {
  aiToolSchema,
  constraintsSchema,
  limits,
  type NewTaskRecord,
  prioritySchema,
  SCHEMA_VERSION,
} from './schema.ts';
import { keysAt, unknownKeyWords } from './unknown-keys.ts';
import { agentOfNew } from './workflow.ts';
import { isolationSchema, onCompleteSchema } from './workspace.ts';

/**
 * Input of `createTask`. Parameters are camelCase, as in the specification; ids of other tasks are resolved already. At
 * least one of `title` and `description` is not blank.
 *
 * @example
 * const params = createTaskSchema.parse({ title: 'Fix the login test', dependsOn: ['task_abcdefgh'] });
 */
export const createTaskSchema = z.strictObject({
  title: z.string().optional(),
  description: z.string().max(limits.textChars).optional(),
  instructions: z.string().max(limits.textChars).optional(),
  tool: aiToolSchema.optional(),
  workflow: newStepsSchema.optional(),
  checks: z.array(z.string().trim().min(1).max(limits.checkChars)).max(limits.checks).optional(),
  kind: z.enum(['work', 'group']).optional(),
  assignee: z.string().max(200).optional(),
  priority: prioritySchema.optional(),
  project: z.string().trim().min(1).max(200).optional(),
  parentId: taskIdSchema.optional(),
  dependsOn: z.array(taskIdSchema).max(limits.dependencies).overwrite(once).optional(),
  labels: z.array(z.string().trim().min(1).max(100)).max(limits.labels).overwrite(once).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  constraints: z
    .strictObject({ ...constraintsSchema.shape, allowed_tools: z.array(allowedToolSchema).max(100).optional() })
    .optional(),
  acceptanceCriteria: z.array(z.string().max(2_000)).max(100).optional(),
  review: z.enum(['none', 'required']).optional(),
  collaborationMode: collaborationModeSchema.optional(),
  isolation: isolationSchema.optional(),
  onComplete: onCompleteSchema.optional(),
  checkpointMinutes: checkpointMinutesSchema.optional(),
  requiresApproval: z.boolean().optional(),
  approver: z.string().trim().min(1).max(200).optional(),
});

/** Parameters whose agent is not known before run time; the schema checks the rest. */
export type NewTaskFields = Known<z.input<typeof createTaskSchema>>;

/** Parameters of a new task: at least a title or a description. */
export type CreateTaskParams = Omit<NewTaskFields, 'tool'> & { tool?: AITool | undefined } & (
    | { title: string }
    | { description: string }
  );

/** The agent of a task that names none. */
export const DEFAULT_TOOL = 'CLAUDECODE';

/** @throws TaskError `InvalidInput` or `TooLarge` */
export function newTaskRecord(params: NewTaskFields, at: string, id: TaskId = newTaskId()): NewTaskRecord {
  const input = parseInput(createTaskSchema, params);
  const tool = agentOfNew(input.tool, input.workflow) ?? DEFAULT_TOOL;
  const { workflow, collaborationMode } = input;
  requireMode({ tool, workflow, collaboration_mode: collaborationMode });
  const title = cleanTitle(input.title ?? titleFrom(input.description ?? ''));
  return {
    schema_version: SCHEMA_VERSION,
    id,
    kind: input.kind ?? 'work',
    title,
    description: describe(input.description, title),
    ...(input.instructions === undefined ? {} : { instructions: input.instructions }),
    status: 'pending',
    tool,
    ...(workflow === undefined ? {} : { workflow }),
    ...(input.checks === undefined || input.checks.length === 0 ? {} : { checks: input.checks }),
    ...(input.assignee === undefined ? {} : { assignee: input.assignee }),
    priority: input.priority ?? 'medium',
    ...(input.project === undefined ? {} : { project: input.project }),
    ...(input.parentId === undefined ? {} : { parent_id: input.parentId }),
    depends_on: input.dependsOn ?? [],
    labels: input.labels ?? [],
    metadata: jsonObject(input.metadata ?? {}, 'metadata'),
    constraints: jsonObject(input.constraints ?? {}, 'constraints'),
    acceptance_criteria: input.acceptanceCriteria ?? [],
    review: input.review ?? 'none',
    ...(collaborationMode === undefined ? {} : { collaboration_mode: collaborationMode }),
    ...(input.isolation === undefined ? {} : { isolation: input.isolation }),
    ...(input.onComplete === undefined ? {} : { on_complete: input.onComplete }),
    ...(input.checkpointMinutes === undefined ? {} : { checkpoint_minutes: input.checkpointMinutes }),
    ...(input.requiresApproval === true || input.approver !== undefined
      ? { approval: { required: true, ...(input.approver === undefined ? {} : { approver: input.approver }) } }
      : {}),
    approvals: [],
    follow_ups: [],
    executions: [],
    history: [],
    active_ms: 0,
    created_at: at,
    updated_at: at,
  };
}

/** Parses with a schema; a failure is a TaskError that names the field and its fault. */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = parseAnyCase(schema, value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: faultOf(issue, schema) }));
  const [first] = parsed.error.issues;
  // A number out of its range is not a thing to be shortened.
  const tooLarge = first?.code === 'too_big' && (first.origin === 'string' || first.origin === 'array');
  const { path = '', message = 'is invalid' } = issues[0] ?? {};
  const sentence = first?.code === 'unrecognized_keys' ? `U${message.slice(1)}` : `The input ${message}`;
  throw new TaskError(tooLarge ? 'TooLarge' : 'InvalidInput', path === '' ? sentence : `${path}: ${message}`, {
    next: tooLarge ? [textStep('Shorten it, or put the text into a file and name the file in the task.')] : [],
    details: { issues: issues.slice(0, 10) },
  });
}

function faultOf(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  return issue.code === 'unrecognized_keys'
    ? unknownKeyWords(issue.keys, keysAt(schema, issue.path))
    : issueWords(issue);
}

/**
 * A title in its stored form: shown in rows, tabs and terminals, so one line without control characters.
 *
 * @throws TaskError `InvalidInput` for one without words, `TooLarge`
 */
export function cleanTitle(title: string): string {
  const clean = oneLine(title);
  if (clean === '') {
    throw new TaskError('InvalidInput', 'A task needs a title.', {
      next: [textStep('Describe the work in a few words, for example "Fix the login test".')],
    });
  }
  const length = characters(clean);
  if (length <= limits.titleChars) return clean;
  throw new TaskError('TooLarge', `The title has ${length} characters; ${limits.titleChars} are allowed.`, {
    next: [textStep('Keep the title short and put the rest into the description.')],
  });
}

/** The title of a planned item: every valid title of a task, in its stored form. */
export const titleSchema = z.string().overwrite(oneLine).min(1).check(requireLength);

function requireLength({ value, issues }: z.core.ParsePayload<string>): void {
  if (characters(value) <= limits.titleChars) return;
  issues.push({ code: 'too_big', origin: 'string', maximum: limits.titleChars, inclusive: true, input: value });
}

/** A description in its stored form: an empty one becomes the title. */
export function describe(description: string | undefined, title: string): string {
  return description?.trim() ? description : title;
}

/** The first line with words, truncated to the length of a title; empty without one. */
export function titleFrom(description: string): string {
  const line = oneLine(/[^\s\p{Cc}].*/u.exec(description)?.[0] ?? '');
  if (characters(line) <= limits.titleChars) return line;
  return `${[...line].slice(0, limits.titleChars - 1).join('')}…`;
}

/** An emoji counts once, although it takes two units of UTF-16. */
function characters(text: string): number {
  return [...text].length;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function once<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
