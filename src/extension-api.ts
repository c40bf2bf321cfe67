import type { createTaskSchema } from './core/task/create.ts';
import type { taskFilterSchema } from './core/task/filter.ts';
import type { logEntrySchema } from './core/task/log-entry.ts';
import type { taskRecordSchema } from './core/task/schema.ts';
import type { updateTaskSchema } from './core/task/update.ts';
import type { operations } from './operations/all.ts';
import type { OperationContext } from './operations/context.ts';
import type { TaskStore } from './store/task-store.ts';

/**
 * The API for other extensions: the library, and the stores that are open in the window.
 *
 * @example
 * const store = await api.getStore('/home/ada/shop');
 * console.log(store.view.size);
 */
export interface ExtensionApi {
  readonly TaskStore: typeof TaskStore;
  readonly operations: typeof operations;
  readonly schemas: {
    readonly task: typeof taskRecordSchema;
    readonly createTask: typeof createTaskSchema;
    readonly updateTask: typeof updateTaskSchema;
    readonly taskFilter: typeof taskFilterSchema;
    readonly logEntry: typeof logEntrySchema;
  };
  /**
   * The store of a workspace folder, a `vscode.Uri` or a path, opened if it is not; of the first folder if none is
   * named. It is the window's own: do not close it.
   *
   * @throws TaskError `StoreClosed` when the folder is not open in this window
   */
  getStore(folder?: { readonly fsPath: string } | string): Promise<TaskStore>;
  /**
   * The context of an open folder, to run operations in it. A folder is named as in `getStore`.
   *
   * @example
   * await operations['task.start'].run(await api.getContext(), { tasks: [1] });
   * @throws TaskError `StoreClosed` when the folder is not open in this window
   */
  getContext(folder?: { readonly fsPath: string } | string): Promise<OperationContext>;
}
