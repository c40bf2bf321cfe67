import { type Disposable, DisposableStack } from '../../core/disposable.ts';
import type { TaskView } from '../../core/task/events.ts';
import type { TaskStore } from '../../store/task-store.ts';
import { LIST_URI, projectUri, STATS_URI, taskUri } from '../resources/uri.ts';

/** Receives the URIs of changed resources, and `listed` if a resource appeared, disappeared or got another title. */
export interface ChangeListener {
  updated(uri: string): void;
  listed(): void;
}

/** Reports every change of the store, of this process and of all others, as changed resources. */
export function watchResources(store: TaskStore, listener: ChangeListener): Disposable {
  const stack = new DisposableStack();
  const changed = (task: TaskView): void => {
    for (const uri of [LIST_URI, STATS_URI, ...urisOf(task)]) listener.updated(uri);
  };
  stack.add(
    store.on('task:created', ({ task }) => {
      changed(task);
      listener.listed();
    }),
  );
  stack.add(
    store.on('task:updated', ({ task, updates }) => {
      changed(task);
      if ('title' in updates || 'status' in updates || 'project' in updates) listener.listed();
    }),
  );
  stack.add(
    store.on('task:deleted', ({ task }) => {
      changed(task);
      listener.listed();
    }),
  );
  stack.add(
    store.on('task:log:added', ({ taskId }) => {
      const number = store.view.byId(taskId)?.number;
      listener.updated(taskUri(taskId, 'logs'));
      if (number !== undefined) listener.updated(taskUri(number, 'logs'));
    }),
  );
  return stack;
}

/** A client may have subscribed by the id or by the number. */
function urisOf({ id, number, project }: TaskView): string[] {
  const parts = [id, number].flatMap((task) => [taskUri(task), taskUri(task, 'result'), taskUri(task, 'diff')]);
  return project === undefined ? parts : [...parts, projectUri(project)];
}
