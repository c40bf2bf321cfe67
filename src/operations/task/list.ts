import { z } from 'zod';
import { momentSchema } from '../../core/task/filter.ts';
import { prioritySchema, taskStatusSchema } from '../../core/task/schema.ts';
import { sortKeys } from '../../core/task/sort.ts';
import type { TaskQuery } from '../../store/queries/task-query.ts';
import { agentNamed } from '../agent/agent-choice.ts';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskSummarySchema, withWaiting } from './output.ts';
import { taskReference } from './references.ts';

/** At the top level, so that the build defers it: a command line reads its input alone. */
const listedSchema = z.object({
  tasks: z.array(taskSummarySchema),
  total: z.number().int().nonnegative(),
  next: z.number().int().positive().nullable(),
  cursor: z.string().optional(),
});

/**
 * Lists tasks, a page at a time; `next` is the number of the next page, null at the end. `cursor` points to the same
 * position and exists while there is one.
 */
export const taskList = defineOperation('task.list', {
  input: z.strictObject({
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
    parentTask: taskReference.optional().describe('Only subtasks of this task.'),
    createdAfter: momentSchema
      .optional()
      .meta({ value: 'date' })
      .describe('Only tasks created at or after this date or time (UTC).'),
    createdBefore: momentSchema
      .optional()
      .meta({ value: 'date' })
      .describe('Only tasks created before this date or time (UTC).'),
    search: z.string().optional().describe('Only tasks with all of these words in title, text, project or labels.'),
    sort: z
      .string()
      .optional()
      .meta({ value: 'keys' })
      .describe(`Sort keys: ${sortKeys.join(', ')}. Separate comma-separated; a leading minus reverses one.`),
    order: z.enum(['asc', 'desc']).optional().describe('Sort direction of keys without a minus.'),
    limit: z.number().int().positive().max(1_000).optional().describe('Tasks per page. Default: 50.'),
    page: z.number().int().positive().optional().describe('Page number, from 1.'),
    cursor: z
      .string()
      .max(2_000)
      .optional()
      .describe('Cursor of the previous page. Tasks created or deleted in between do not shift the result.'),
    archived: z.boolean().optional().describe('Only archived tasks.'),
  }),
  output: listedSchema,
  positional: [],
  takesNothing: true,
  async run(context: WithStandings, input) {
    const { store, agents } = context;
    await store.refresh();
    const { sort, order, limit, page, cursor, archived, parentTask, assignedTo, tool, ...filter } = input;
    const agent = assignedTo === undefined ? undefined : agentNamed(agents, assignedTo);
    const tools = tool?.map((name) => agentNamed(agents, name) ?? name);
    const query: TaskQuery = {
      filter: {
        ...filter,
        ...byAgent(tools, agent),
        ...(assignedTo === undefined || agent !== undefined ? {} : { assignedTo }),
        ...(parentTask === undefined ? {} : { parentId: store.resolve(parentTask).id }),
      },
      // Newest first: a person usually looks for the task created or started last.
      sort: sort ?? 'number',
      order: order ?? (sort === undefined ? 'desc' : 'asc'),
      limit: limit ?? 50,
      page,
      cursor,
    };
    if (archived === true) return store.listArchived(query);
    const listed = await store.pageOf(query);
    return { ...listed, tasks: await withWaiting(context, listed.tasks) };
  },
});

/** An agent name in `assignedTo` narrows the filter `tool`. */
function byAgent(tools: string[] | undefined, agent: string | undefined): { tool?: string[] } {
  if (agent === undefined) return tools === undefined ? {} : { tool: tools };
  return { tool: tools === undefined || tools.includes(agent) ? [agent] : [] };
}
