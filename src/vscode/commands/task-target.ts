import type { TaskFolder } from '../folders/task-folder.ts';
import { l10n } from '../present/l10n.ts';
import { type RowFlag, rowFlags } from '../present/task-state.ts';
import { parseChangesUri } from '../reviews/changes-uri.ts';
import { isTreeNode, type TaskNode, type TreeNode } from '../tree/node.ts';
import type { CommandContext, TaskTarget } from './context.ts';
import { pickTask } from './pick-task.ts';

/**
 * The tasks that a command is about: the rows it was called on, the selection for a key or the palette, a task named by a caller
 * (reference and, where there are several folders, the folder's path), else one that the person picks among those
 * that fit. Undefined when they picked none.
 *
 * @throws TaskError `TaskNotFound` or `AmbiguousTask` for a name
 */
export async function taskTargets(
  context: CommandContext,
  args: readonly unknown[],
  fit: RowFlag,
  what: string,
): Promise<TaskTarget[] | undefined> {
  const [first, second] = args;
  if (typeof first === 'string' || typeof first === 'number') return [await namedTask(context, String(first), second)];
  if (isTaskList(first)) return fitting(await listedTasks(context, first), fit);
  const shown = parseChangesUri(first);
  if (shown !== undefined) return [await namedTask(context, shown.task, shown.folder)];
  const rows = await rowsOf(context, first, second);
  if (rows.length > 0) return fitting(rows.map(targetOf), fit);
  const chosen = args.length === 0 ? await selectedTargets(context, fit) : [];
  if (chosen.length > 0) return chosen;
  const pressed = rowWasPressed(args) ? soleTask(context, fit) : undefined;
  if (pressed !== undefined) return [pressed];
  const picked = await pickTask(context, (task) => rowFlags(task).includes(fit), what);
  return picked === undefined ? undefined : [picked];
}

/** As {@link taskTargets}, for a command about one task. */
export async function taskTarget(
  context: CommandContext,
  args: readonly unknown[],
  fit: RowFlag,
  what: string,
): Promise<TaskTarget | undefined> {
  return (await taskTargets(context, args.slice(0, typeof args[0] === 'string' ? 2 : 1), fit, what))?.[0];
}

/** Tasks of a folder by their ids, as the board and its context menu name them. */
interface TaskList {
  readonly folder: string;
  readonly tasks: readonly string[];
}

function isTaskList(value: unknown): value is TaskList {
  if (typeof value !== 'object' || value === null) return false;
  const { folder, tasks } = value as Partial<Record<keyof TaskList, unknown>>;
  return typeof folder === 'string' && Array.isArray(tasks) && tasks.every((task) => typeof task === 'string');
}

async function listedTasks(context: CommandContext, { folder: path, tasks }: TaskList): Promise<TaskTarget[]> {
  const folder = context.folders.find(path);
  if (folder === undefined) return [];
  const { store } = await folder.ready();
  return tasks.map((task) => ({ folder, task: store.resolve(task) }));
}

/** The ids of the targets, folder by folder: an operation is about one folder. */
export function byFolder(targets: readonly TaskTarget[]): Map<TaskFolder, string[]> {
  const ids = new Map<TaskFolder, string[]>();
  for (const { folder, task } of targets) ids.set(folder, [...(ids.get(folder) ?? []), task.id]);
  return ids;
}

/** The current task: a row may be older than the last change. */
function targetOf({ group, task }: TaskNode): TaskTarget {
  const { folder } = group.parent;
  return { folder, task: folder.host?.store.view.byId(task.id) ?? task };
}

/** The selected rows that support a command of the palette. None of them if the view is hidden. */
async function selectedTargets(context: CommandContext, fit: RowFlag): Promise<TaskTarget[]> {
  if (!context.view.visible) return [];
  const nodes = (await context.view.selection()).filter(isTreeNode);
  const targets = [...new Set(nodes.flatMap(taskOf))].map(targetOf);
  return targets.filter(({ task }) => rowFlags(task).includes(fit));
}

/** Of several rows those that support the command; a single row is always tried, so that the refusal gives a reason. */
function fitting(targets: readonly TaskTarget[], fit: RowFlag): TaskTarget[] {
  const fits = targets.filter(({ task }) => rowFlags(task).includes(fit));
  return fits.length > 0 ? fits : targets.slice(0, 1);
}

/** The editor names rows that it is drawing again as undefined; of several they are looked up in the selection. */
async function rowsOf(context: CommandContext, first: unknown, second: unknown): Promise<TaskNode[]> {
  const several: readonly unknown[] = Array.isArray(second) ? second : [];
  const fromSelection = isSelectionRequest(first) || several.some((node) => !isTreeNode(node));
  const selected = fromSelection ? await context.view.selection() : several;
  const nodes = [...(isTreeNode(first) ? [first] : []), ...selected.filter(isTreeNode)];
  return [...new Set(nodes.flatMap(taskOf))];
}

function taskOf(node: TreeNode): TaskNode[] {
  if (node.kind === 'task') return [node];
  return node.kind === 'approval' ? [node.parent] : [];
}

/**
 * True for a button of a row that the editor was redrawing: its argument is undefined then. A command from the palette
 * gets no arguments.
 */
export function rowWasPressed(args: readonly unknown[]): boolean {
  return args.length > 0 && args[0] === undefined;
}

/** The one task that fits, which then is the one whose button was pressed; undefined when there are several. */
function soleTask(context: CommandContext, fit: RowFlag): TaskTarget | undefined {
  const found: TaskTarget[] = [];
  for (const folder of context.folders.all) {
    for (const task of folder.host?.store.view.all() ?? []) {
      if (rowFlags(task).includes(fit)) found.push({ folder, task });
      if (found.length > 1) return undefined;
    }
  }
  return found[0];
}

/** The argument with which a keybinding refers to the selected rows. */
function isSelectionRequest(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'selection' in value && value.selection === true;
}

/**
 * The task that a caller names, in the folder that it names or in any.
 *
 * @throws TaskError `TaskNotFound` or `AmbiguousTask`
 */
export async function namedTask(context: CommandContext, reference: string, folderPath: unknown): Promise<TaskTarget> {
  const { all } = context.folders;
  const folder = typeof folderPath === 'string' ? context.folders.find(folderPath) : undefined;
  const candidates = folder === undefined ? all : [folder];
  let failure: unknown = new Error(l10n.t('No open folder has tasks.'));
  for (const candidate of candidates) {
    try {
      return { folder: candidate, task: (await candidate.ready()).store.resolve(reference) };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
