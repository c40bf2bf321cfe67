import type { AgentCatalog } from '../../core/agent/catalog.ts';
import { EDITOR_MODEL_NAME } from '../../core/editor-model/name.ts';
import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import type { Family } from '../../core/policy/budget.ts';
import { uncountedLimit } from '../../core/policy/uncounted.ts';
import type { TaskRecord } from '../../core/task/schema.ts';

/** The operations that start a task. All but `task.restore` take `uncounted`. */
export type StartOperation = 'task.start' | 'task.restart' | 'task.resume' | 'task.create' | 'task.restore';

/**
 * Refuses to start a task with a cost limit for an agent that reports no cost, unless a person accepts it.
 *
 * @throws TaskError `NotConfirmed`
 */
export function requireCountable(
  task: TaskRecord,
  family: Family,
  agents: Pick<AgentCatalog, 'countsCost'>,
  operation: StartOperation,
): void {
  const limit = uncountedLimit(task, family, (agent, model) => agents.countsCost(agent, model));
  if (limit === undefined) return;
  const { agent, owner } = limit;
  const isNew = operation === 'task.create';
  const whose = owner.id !== task.id || !isNew ? `the cost limit of #${owner.number}` : 'its cost limit';
  throw new TaskError('NotConfirmed', `${agent} reports no cost, so that ${whose} would never stop it.`, {
    next: [
      isNew
        ? textStep('Limit its tokens instead.')
        : operationStep('Limit its tokens instead', 'task.update', { task: owner.number, budgetCost: null }, [
            'budgetTokens',
          ]),
      ...(agent === EDITOR_MODEL_NAME ? [] : [textStep(`Or set "prices" of ${agent} in the configuration.`)]),
      operationStep('Or start it all the same', operation === 'task.restore' ? 'task.start' : operation, {
        ...(isNew ? { title: task.title, start: true } : { tasks: [task.number] }),
        uncounted: true,
      }),
    ],
    details: { agent },
  });
}
