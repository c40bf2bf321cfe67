import type { Uri } from 'vscode';
import { TaskError } from '../core/errors.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskFolders } from './folders/task-folders.ts';
import { library } from './library.ts';

type Library = typeof import('../index.ts');

/** What other extensions get: the library, and the stores that are open in this window. */
export interface ExtensionApi {
  readonly TaskStore: Library['TaskStore'];
  readonly operations: Library['operations'];
  readonly schemas: {
    readonly task: Library['taskRecordSchema'];
    readonly createTask: Library['createTaskSchema'];
    readonly updateTask: Library['updateTaskSchema'];
    readonly taskFilter: Library['taskFilterSchema'];
    readonly logEntry: Library['logEntrySchema'];
  };
  /**
   * The store of a workspace folder, opened if it is not; of the first folder if none is named. It is the window's own:
   * do not close it.
   *
   * @throws TaskError `StoreClosed` when the folder is not open in this window
   */
  getStore(folder?: Uri | string): Promise<TaskStore>;
}

export async function extensionApi(folders: TaskFolders): Promise<ExtensionApi> {
  const { TaskStore, operations, ...rest } = await library();
  return {
    TaskStore,
    operations,
    schemas: {
      task: rest.taskRecordSchema,
      createTask: rest.createTaskSchema,
      updateTask: rest.updateTaskSchema,
      taskFilter: rest.taskFilterSchema,
      logEntry: rest.logEntrySchema,
    },
    async getStore(folder) {
      const found = folder === undefined ? folders.all[0] : folders.find(folder);
      if (found === undefined) throw new TaskError('StoreClosed', 'That folder is not open in this window.');
      return (await found.ready()).store;
    },
  };
}
