import type { OperationContext } from '../operations/context.ts';

/** Directions for a model that uses the tasks of a folder. */
export function instructionsOf({ store }: OperationContext, isScoped: boolean): string {
  const about =
    'Durable tasks for coding agents. A task is named by its number. Read task://{id}/logs and task://{id}/diff for long content. Start, approve or merge only as the person decided.';
  const scope = isScoped ? ' This server has one task and its parts: read task://list.' : '';
  const readOnly = store.readOnly === undefined ? '' : ` Read-only: ${store.readOnly}`;
  return `${about}${scope}${readOnly}`;
}
