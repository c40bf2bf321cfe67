import * as vscode from 'vscode';
import type { DraggedTask } from '../moves/drop-tasks.ts';
import type { TreeNode } from './node.ts';

const TYPE = 'application/vnd.code.tree.systemprompt.tasks';

/** Drags rows of tasks onto groups and other tasks. The effect of a drop loads on use. */
export function dragAndDrop(): vscode.TreeDragAndDropController<TreeNode> {
  return {
    dragMimeTypes: [TYPE],
    dropMimeTypes: [TYPE],
    handleDrag(nodes, data) {
      const rows = nodes.filter((node) => node.kind === 'task');
      // The editor serializes the value, so it must not be the rows: they refer to each other.
      const dragged: DraggedTask[] = rows.map(({ task, group }) => {
        return { task: task.id, group: group.key, folder: group.parent.folder.path };
      });
      if (dragged.length > 0) data.set(TYPE, new vscode.DataTransferItem(dragged));
    },
    async handleDrop(target, data) {
      const dragged: unknown = data.get(TYPE)?.value;
      // A text comes from another window.
      if (!Array.isArray(dragged) || target === undefined) return;
      const { dropTasks } = await import('../moves/drop-tasks.ts');
      await dropTasks(dragged as DraggedTask[], target);
    },
  };
}
