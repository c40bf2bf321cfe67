import { activeDuration } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Fact, FieldName } from '../../webviews/kit/fact-schema.ts';
import type { TaskModel } from '../../webviews/task/protocol.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { l10n } from '../present/l10n.ts';
import { spendTexts } from '../present/spend-text.ts';
import { durationText, momentText } from '../present/time.ts';
import { emptyText, fieldLabel, fieldText } from './fields/field-text.ts';
import { fieldsOf, type TaskFields } from './fields/task-fields.ts';

const details: readonly FieldName[] = ['tool', 'assignedTo', 'priority', 'project', 'label'];
const limits: readonly FieldName[] = ['budgetTokens', 'budgetCost', 'budgetMinutes', 'maxIterations'];
const rules: readonly FieldName[] = [
  'approvals',
  'allowedTools',
  'requiresApproval',
  'review',
  'isolation',
  'onComplete',
  'checkpointMinutes',
];

/** The fields of a task that a person can change, and the facts that they cannot, in titled groups. */
export function factGroups(folder: TaskFolder, task: TaskRecord, now: number): TaskModel['groups'] {
  const fields = fieldsOf(task);
  // A group runs nothing itself, so only its limits count.
  const own = task.kind === 'group' ? details.filter((name) => name !== 'tool' && name !== 'assignedTo') : details;
  return [
    { title: l10n.t('Details'), facts: factsOf(folder, fields, own) },
    { title: l10n.t('Limits'), facts: factsOf(folder, fields, limits) },
    ...(task.kind === 'group' ? [] : [{ title: l10n.t('Rules'), facts: factsOf(folder, fields, rules) }]),
    { title: l10n.t('Record'), facts: recordOf(task, now) },
  ];
}

/** All fields of a new task besides its agent. */
export function draftGroups(folder: TaskFolder, fields: TaskFields): TaskModel['groups'] {
  const places: readonly FieldName[] = ['parentTask', 'dependsOn'];
  return [
    { title: l10n.t('Details'), facts: factsOf(folder, fields, [...details.slice(1), ...places]) },
    { title: l10n.t('Limits'), facts: factsOf(folder, fields, limits) },
    { title: l10n.t('Rules'), facts: factsOf(folder, fields, rules) },
  ];
}

/** Fields as facts that a press changes. */
export function factsOf(folder: TaskFolder, fields: TaskFields, names: readonly FieldName[]): Fact[] {
  const host = folder.host;
  return names.map((field) => {
    const value = fieldText(field, fields, (id) => host?.store.view.dependency(id));
    const missing = field === 'tool' && host?.agents.unavailable(fields.tool) !== undefined;
    const words = value ?? emptyText(field);
    return {
      name: fieldLabel(field),
      value: missing ? l10n.t('{0} (not installed)', words) : words,
      field,
      empty: value === undefined,
    };
  });
}

function recordOf(task: TaskRecord, now: number): Fact[] {
  const { tokens, cost } = spendTexts(task.usage);
  return fixedFacts([
    [l10n.t('Created'), momentText(task.created_at)],
    [l10n.t('Ended'), task.completed_at === undefined ? undefined : momentText(task.completed_at)],
    [l10n.t('Work'), task.executions.length === 0 ? undefined : durationText(activeDuration(task, now))],
    [l10n.t('Tokens'), tokens],
    [l10n.t('Cost'), cost],
    [l10n.t('Branch'), task.workspace?.branch],
  ]);
}

/** Facts that a person cannot change, without those that are unknown. */
export function fixedFacts(rows: readonly (readonly [name: string, value: string | undefined])[]): Fact[] {
  return rows.flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: sanitizeLine(value), empty: false }],
  );
}
