import type { InputOf } from '../../../operations/all.ts';
import type { Texts } from '../../../webviews/new-task/protocol.ts';
import type { TaskFields } from './task-fields.ts';

/** The fields of a new task before a person changes them. */
export function draftFields(tool: string): TaskFields {
  return {
    tool,
    assignedTo: null,
    priority: 'medium',
    project: null,
    label: [],
    parentTask: null,
    dependsOn: [],
    budgetTokens: null,
    budgetCost: null,
    budgetMinutes: null,
    maxIterations: null,
    allowedTools: null,
    approvals: null,
    requiresApproval: false,
    review: 'none',
    isolation: null,
    onComplete: null,
    checkpointMinutes: null,
  };
}

/** Fields that a page kept over a reload. Keys that are unknown or of another type are left out. */
export function restoredFields(kept: string, base: TaskFields): TaskFields {
  const fields: Record<string, unknown> = { ...base };
  try {
    const values: unknown = JSON.parse(kept);
    for (const [name, value] of Object.entries(values ?? {})) {
      const known = fields[name];
      const fits =
        known === null ||
        value === null ||
        (typeof known === typeof value && Array.isArray(known) === Array.isArray(value));
      if (Object.hasOwn(fields, name) && fits) fields[name] = value;
    }
  } catch {
    // Not written by this version.
    return base;
  }
  return fields as unknown as TaskFields;
}

/** A filled form as the input of `task.create`. */
export function createInput(texts: Texts, fields: TaskFields, start: boolean): InputOf<'task.create'> {
  const { title, description, instructions, acceptance } = texts;
  const criteria = linesOf(acceptance);
  const { label, dependsOn, allowedTools, ...others } = fields;
  const given = Object.entries(others).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(given),
    title: title.trim(),
    ...(description.trim() === '' ? {} : { description }),
    ...(instructions.trim() === '' ? {} : { instructions }),
    ...(criteria.length === 0 ? {} : { acceptance: criteria }),
    ...(label.length === 0 ? {} : { label: [...label] }),
    ...(dependsOn.length === 0 ? {} : { dependsOn: [...dependsOn] }),
    ...(allowedTools === null ? {} : { allowedTools: [...allowedTools] }),
    start,
  };
}

/** One acceptance criterion per line, without the mark of a list. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*[-*]\s+/, '').trim())
    .filter(Boolean);
}
