import { TaskError } from '../core/errors.ts';
import type { ExtensionApi } from '../extension-api.ts';
import type { TaskFolders } from './folders/task-folders.ts';

export async function extensionApi(folders: TaskFolders): Promise<ExtensionApi> {
  const { TaskStore, operations, ...rest } = await import('../index.ts');
  const getContext: ExtensionApi['getContext'] = async (folder) => {
    const found = folder === undefined ? folders.all[0] : folders.find(folder);
    if (found === undefined) throw new TaskError('StoreClosed', 'That folder is not open in this window.');
    return found.ready();
  };
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
    getContext,
    getStore: async (folder) => (await getContext(folder)).store,
  };
}
