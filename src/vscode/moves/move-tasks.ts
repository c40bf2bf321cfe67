import * as vscode from 'vscode';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import type { GroupKey } from '../tree/groups.ts';
import { type GroupMove, groupMove } from './group-move.ts';

/** The effect of moving several tasks: that of the first one, if it is possible for all. */
export function commonMove(tasks: readonly TaskRecord[], from: GroupKey, to: GroupKey): GroupMove | undefined {
  const moves = tasks.map((task) => groupMove(task, from, to, vscode.workspace.isTrusted));
  return moves.find(({ kind }) => kind === 'refused') ?? moves[0];
}

/**
 * Moves tasks of a folder to another group by the action that leads there.
 *
 * @throws Error with the reason if a task cannot move there
 */
export async function moveTasks(
  folder: TaskFolder,
  ids: readonly string[],
  from: GroupKey,
  to: GroupKey,
): Promise<void> {
  const { store } = await folder.ready();
  const tasks = ids.map((id) => store.resolve(id));
  const moves = tasks.map((task) => ({ task, move: groupMove(task, from, to, vscode.workspace.isTrusted) }));
  for (const { move } of moves) if (move.kind === 'refused') throw new Error(move.text);
  const byCommand = Map.groupBy(moves, ({ move }) => (move.kind === 'command' ? move.command : undefined));
  for (const [command, group] of byCommand) {
    if (command === undefined) continue;
    await vscode.commands.executeCommand(command, {
      folder: folder.path,
      tasks: group.map(({ task }) => task.id),
    });
  }
  for (const { task, move } of moves) {
    if (move.kind === 'update') await operate(folder, 'task.update', { task: task.id, ...move.change });
  }
}
