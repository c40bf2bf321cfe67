import type { z } from 'zod';
import { DEFAULT_TOOL } from '../../core/task/create.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { readTaskText, type TaskText, writeTaskText } from '../../formats/task-text.ts';
import type { WithStore } from '../context.ts';
import type { taskCreate } from './create.ts';
import type { taskUpdate } from './update.ts';

/** A task as text for an editor. */
export function textOfTask(task: TaskRecord, context: WithStore): string {
  return writeTaskText(fieldsOf(task, context));
}

/**
 * The input of `task.update` that an edited text asks for; undefined if it changes nothing. Only fields that differ are in
 * it.
 *
 * @throws TaskError `InvalidInput` with line and column, or with the wrong field
 */
export function changeOfText(
  task: TaskRecord,
  context: WithStore,
  edited: string,
): z.input<typeof taskUpdate.input> | undefined {
  const after = readTaskText(edited);
  if (after === undefined) return undefined;
  const before = fieldsOf(task, context);
  const values: Record<keyof TaskText, unknown> = {
    title: after.title,
    priority: after.priority,
    agent: after.agent,
    project: after.project || null,
    labels: after.labels.length === 0 ? null : after.labels,
    depends_on: after.depends_on.length === 0 ? null : after.depends_on,
    acceptance: after.acceptance.length === 0 ? null : after.acceptance,
    description: after.description || after.title,
    instructions: after.instructions || null,
  };
  const keys: Partial<Record<keyof TaskText, string>> = { agent: 'tool', labels: 'label', depends_on: 'dependsOn' };
  const change: Record<string, unknown> = {};
  for (const field of Object.keys(values) as (keyof TaskText)[]) {
    if (JSON.stringify(before[field]) !== JSON.stringify(after[field])) change[keys[field] ?? field] = values[field];
  }
  if (Object.keys(change).length === 0) return undefined;
  return { task: task.id, ...change, ifRevision: task.revision };
}

/** The text of a task that does not exist yet, with the given values filled in. */
export function textOfNewTask(given: Partial<TaskText>): string {
  const empty = {
    title: '',
    project: '',
    description: '',
    instructions: '',
    labels: [],
    depends_on: [],
    acceptance: [],
  };
  return writeTaskText({ ...empty, priority: 'medium', agent: DEFAULT_TOOL, ...given });
}

/**
 * The input of `task.create` in an edited text; undefined if the text is empty.
 *
 * @throws TaskError `InvalidInput` with line and column, or with the wrong field
 */
export function newTaskOfText(edited: string): z.input<typeof taskCreate.input> | undefined {
  const task = readTaskText(edited);
  if (task === undefined) return undefined;
  const { agent, labels, depends_on: dependsOn, ...fields } = task;
  const given = Object.entries({ ...fields, assignedTo: agent, label: labels, dependsOn });
  return Object.fromEntries(given.filter(([, value]) => value.length > 0));
}

function fieldsOf(task: TaskRecord, { store }: WithStore): TaskText {
  return {
    title: task.title,
    priority: task.priority,
    agent: task.tool,
    project: task.project ?? '',
    labels: task.labels,
    depends_on: task.depends_on.map((id) => String(store.view.dependency(id)?.number ?? id)),
    acceptance: task.acceptance_criteria,
    description: task.description === task.title ? '' : task.description,
    instructions: task.instructions ?? '',
  };
}
