import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import type { AgentCatalog } from './catalog.ts';

/** The answers of a catalog for a worker that runs the tasks of some agents only. */
export function onlyAgents(
  catalog: Pick<AgentCatalog, 'unavailable' | 'countsCost'>,
  names: readonly string[],
): Pick<AgentCatalog, 'unavailable' | 'countsCost'> {
  return {
    countsCost: (name, model) => catalog.countsCost(name, model),
    unavailable: (name) => (names.includes(name) ? catalog.unavailable(name) : notHere(name, names)),
  };
}

function notHere(name: string, names: readonly string[]): TaskError {
  return new TaskError('AgentUnavailable', `This worker runs no tasks for ${name}, only for ${names.join(', ')}.`, {
    next: [textStep(`Start a worker with --agents ${name}.`)],
  });
}
