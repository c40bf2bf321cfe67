import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { momentSchema } from '../../core/task/filter.ts';
import { prioritySchema, type TaskRecord, taskStatusSchema } from '../../core/task/schema.ts';
import { sortKeys } from '../../core/task/sort.ts';
import { parseViewFilter } from '../../core/task/view-filter.ts';
import type { RecordPage, TaskQuery } from '../../store/queries/task-query.ts';
import { agentNamed } from '../agent/agent-choice.ts';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { standings } from '../queue/standings.ts';
import { taskSummarySchema, withWaiting } from './output.ts';
import { taskReference } from './references.ts';

/** At the top level, so that the build defers it: a command line reads its input alone. */
const listedSchema = z.object({
  tasks: z.array(taskSummarySchema),
  total: z.number().int().nonnegative(),
  next: z.number().int().positive().nullable(),
  cursor: z.string().optional(),
});

const inputSchema = z.strictObject({
  status: z.array(taskStatusSchema).optional().meta({ commas: true }).describe('Only tasks with these statuses.'),
  tool: z.array(z.string()).optional().meta({ commas: true, value: 'agent' }).describe('Only tasks of these agents.'),
  assignedTo: z.string().optional().meta({ value: 'agent' }).describe('Only tasks of this agent, model or session.'),
  priority: z.array(prioritySchema).optional().meta({ commas: true }).describe('Only tasks with these priorities.'),
  project: z.string().optional().meta({ value: 'name' }).describe('Only tasks of this project.'),
  label: z
    .array(z.string())
    .optional()
    .meta({ commas: true, value: 'label' })
    .describe('Only tasks with at least one of these labels.'),
  source: z
    .string()
    .optional()
    .meta({ value: 'id' })
    .describe('Only imported tasks with this id in their source, or from this file or tool.'),
  parentTask: taskReference.optional().describe('Only subtasks of this task.'),
  createdAfter: momentSchema
    .optional()
    .meta({ value: 'date' })
    .describe('Only tasks created at or after this date or time (UTC).'),
  createdBefore: momentSchema
    .optional()
    .meta({ value: 'date' })
    .describe('Only tasks created before this date or time (UTC).'),
  filter: z
    .string()
    .max(2_000)
    .optional()
    .describe('Only tasks that match a filter of the Tasks view: fields, is: with a situation, and words.'),
  search: z.string().optional().describe('Only tasks with all of these words in title, text, project or labels.'),
  sort: z
    .string()
    .optional()
    .meta({ value: 'keys' })
    .describe(`Sort keys: ${sortKeys.join(', ')}. Comma-separated; a leading minus reverses one.`),
  order: z.enum(['asc', 'desc']).optional().describe('Sort direction of keys without a minus.'),
  limit: z.number().int().positive().max(1_000).optional().describe('Tasks per page. Default: 50.'),
  page: z.number().int().positive().optional().describe('Page number, from 1.'),
  cursor: z
    .string()
    .max(2_000)
    .optional()
    .describe('Cursor of the previous page. Tasks created or deleted in between do not shift the result.'),
  archived: z.boolean().optional().describe('Only archived tasks.'),
});

type ListInput = z.output<typeof inputSchema>;

/**
 * Lists tasks, a page at a time; `next` is the number of the next page, null at the end. `cursor` points to the same
 * position and exists while there is one.
 */
export const taskList = defineOperation('task.list', {
  input: inputSchema,
  output: listedSchema,
  positional: [],
  takesNothing: true,
  async run(context: WithStandings, input) {
    const page = await context.store.counted(await listedRecords(context, input));
    return input.archived === true ? page : { ...page, tasks: await withWaiting(context, page.tasks) };
  },
});

/** The page without the lengths of logs and the reasons to wait, for a face that shows neither. */
export async function listedRecords(context: WithStandings, input: ListInput): Promise<RecordPage> {
  const { store, agents } = context;
  await store.refresh();
  const { sort, order, limit, page, cursor, archived, parentTask, assignedTo, tool, filter: text, ...filter } = input;
  const agent = assignedTo === undefined ? undefined : agentNamed(agents, assignedTo);
  const tools = tool?.map((name) => agentNamed(agents, name) ?? name);
  const query: TaskQuery = {
    filter: {
      ...filter,
      ...byAgent(tools, agent),
      ...(assignedTo === undefined || agent !== undefined ? {} : { assignedTo }),
      ...(parentTask === undefined ? {} : { parentId: store.resolve(parentTask, filter.project).id }),
    },
    // Newest first: a person usually looks for the task created or started last.
    sort: sort ?? 'number',
    order: order ?? (sort === undefined ? 'desc' : 'asc'),
    limit: limit ?? 50,
    page,
    cursor,
  };
  if (archived === true) {
    if (text !== undefined) throw ofArchived();
    return store.archive.list(query);
  }
  return store.pageOf(query, text === undefined ? undefined : await matcher(context, text));
}

/** @throws TaskError `InvalidInput` for a filter that cannot be read */
async function matcher(context: WithStandings, text: string): Promise<(task: TaskRecord) => boolean> {
  const matches = parseViewFilter(text);
  const standingOf = await standings(context);
  return (task) => matches(task, () => standingOf(task));
}

function ofArchived(): TaskError {
  return new TaskError('InvalidInput', 'A filter finds no archived tasks, because they have no situation.', {
    next: [textStep('Use the other options to find archived tasks, such as the search.')],
  });
}

/** An agent name in `assignedTo` narrows the filter `tool`. */
function byAgent(tools: string[] | undefined, agent: string | undefined): { tool?: string[] } {
  if (agent === undefined) return tools === undefined ? {} : { tool: tools };
  return { tool: tools === undefined || tools.includes(agent) ? [agent] : [] };
}
