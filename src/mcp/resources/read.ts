import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { operations } from '../../operations/all.ts';
import type { OperationContext } from '../../operations/context.ts';
import { withWaiting } from '../../operations/task/output.ts';
import type { TaskScope } from '../scope.ts';
import { parseResource, type ResourceAddress } from './uri.ts';

/** The text of a resource. */
export interface ResourceText {
  readonly mimeType: string;
  readonly text: string;
}

const LOG_ENTRIES = 200;

type TaskAddress = Extract<ResourceAddress, { kind: 'task' }>;

/**
 * Reads a resource. A resource outside of the scope does not exist.
 *
 * @throws TaskError `TaskNotFound` for a URI without a resource, `InvalidInput` for a wrong query, `Untrusted` for a
 *   diff in a restricted folder
 */
export async function readResource(context: OperationContext, uri: string, scope?: TaskScope): Promise<ResourceText> {
  const address = parseResource(uri);
  if (scope !== undefined) await context.store.refresh();
  if (address === undefined || scope?.includes(address) === false) throw noResource(uri);
  switch (address.kind) {
    case 'list':
      // A scope is small: it has one page without filters.
      if (scope !== undefined) return json(await listed(context, scope.tasks()));
      return json(await operations['task.list'].run(context, listInput(address.query)));
    case 'stats':
      return json(await context.store.getMetrics());
    case 'project': {
      const { name } = address;
      const isKnown = [...context.store.view.byProject(name)].length > 0;
      if (!isKnown) throw noResource(uri);
      return json(await operations['project.show'].run(context, { name }));
    }
    case 'task':
      return taskResource(context, address);
  }
}

/** In the form of `task.list`. */
async function listed(context: OperationContext, tasks: readonly TaskRecord[]): Promise<Record<string, unknown>> {
  return { tasks: await withWaiting(context, tasks), total: tasks.length, next: null };
}

async function taskResource(context: OperationContext, { task, part, query }: TaskAddress): Promise<ResourceText> {
  switch (part) {
    case 'logs': {
      const after = numberIn(query, 'after');
      const limit = numberIn(query, 'limit') ?? LOG_ENTRIES;
      const range = after === undefined ? { tail: limit } : { after, limit };
      return json(await operations['task.logs'].run(context, { task, ...range }));
    }
    case 'diff': {
      const { patch } = await operations['task.diff'].run(context, { task });
      return { mimeType: 'text/x-diff', text: patch };
    }
    case 'result': {
      const { status, result, error, error_code } = await operations['task.show'].run(context, { task });
      return json({ status, result: result ?? null, error: error ?? null, error_code: error_code ?? null });
    }
    case undefined: {
      // The log is a separate resource.
      const { logs: _, ...shown } = await operations['task.show'].run(context, { task });
      return json(shown);
    }
  }
}

/** `task://list?status=failed,paused&project=api&limit=20&cursor=…`, as the flags of `task list`. */
function listInput(query: URLSearchParams): Record<string, unknown> {
  const lists = new Set(['status', 'tool', 'priority', 'label']);
  const numbers = new Set(['limit', 'page']);
  return Object.fromEntries(
    [...query].map(([key, value]) => {
      if (lists.has(key)) return [key, value.split(',')];
      if (key === 'archived') return [key, value === 'true'];
      return [key, numbers.has(key) ? Number(value) : value];
    }),
  );
}

function numberIn(query: URLSearchParams, key: string): number | undefined {
  const value = query.get(key);
  return value === null ? undefined : Number(value);
}

function json(value: unknown): ResourceText {
  return { mimeType: 'application/json', text: JSON.stringify(value, undefined, 1) };
}

function noResource(uri: string): TaskError {
  return new TaskError('TaskNotFound', `There is no resource "${uri.slice(0, 200)}".`, {
    next: [operationStep('List the tasks', 'task.list')],
  });
}
