import type { TaskRecord } from '../../../core/task/schema.ts';
import { priorities } from '../../../core/task/values.ts';
import { sanitizeLine } from '../../../core/text/sanitize.ts';
import type { FieldName } from '../../../webviews/kit/fact-schema.ts';
import { l10n } from '../../present/l10n.ts';
import { priorityWord } from '../../present/task-row.ts';
import { shownTitle } from '../shown-text.ts';
import type { TaskFields } from './task-fields.ts';

type Find = (id: string) => TaskRecord | undefined;

export function fieldLabel(name: FieldName): string {
  switch (name) {
    case 'tool':
      return l10n.t('Agent');
    case 'assignedTo':
      return l10n.t('Model');
    case 'priority':
      return l10n.t('Priority');
    case 'project':
      return l10n.t('Project');
    case 'label':
      return l10n.t('Labels');
    case 'parentTask':
      return l10n.t('Parent');
    case 'dependsOn':
      return l10n.t('Depends on');
    case 'budgetTokens':
      return l10n.t('Token limit');
    case 'budgetCost':
      return l10n.t('Cost limit');
    case 'budgetMinutes':
      return l10n.t('Time limit');
    case 'maxIterations':
      return l10n.t('Turn limit');
    case 'allowedTools':
      return l10n.t('Allowed tools');
    case 'approvals':
      return l10n.t('Approvals');
    case 'requiresApproval':
      return l10n.t('Approval before start');
    case 'review':
      return l10n.t('Review of the result');
    case 'isolation':
      return l10n.t('Isolation');
    case 'onComplete':
      return l10n.t('On completion');
    case 'checkpointMinutes':
      return l10n.t('Automatic checkpoints');
  }
}

/** The value of a field in words; undefined for a field without one. */
export function fieldText(name: FieldName, fields: TaskFields, find: Find): string | undefined {
  switch (name) {
    case 'tool':
      return sanitizeLine(fields.tool);
    case 'assignedTo':
    case 'project':
      return fields[name] === null ? undefined : sanitizeLine(fields[name]);
    case 'label':
      return listed(fields.label);
    case 'parentTask':
      return fields.parentTask === null ? undefined : taskText(fields.parentTask, find);
    case 'dependsOn':
      return listed(fields.dependsOn.map((id) => taskText(id, find)));
    case 'budgetTokens':
      return fields.budgetTokens === null ? undefined : l10n.t('{0} tokens', fields.budgetTokens.toLocaleString('en'));
    case 'budgetCost':
      return fields.budgetCost === null ? undefined : `$${fields.budgetCost.toFixed(2)}`;
    case 'budgetMinutes':
      return fields.budgetMinutes === null ? undefined : l10n.t('{0} min', fields.budgetMinutes);
    case 'maxIterations':
      return fields.maxIterations === null ? undefined : l10n.t('{0} turns', fields.maxIterations);
    case 'allowedTools':
      return fields.allowedTools === null ? undefined : (listed(fields.allowedTools) ?? l10n.t('none'));
    case 'checkpointMinutes':
      return fields.checkpointMinutes === null ? undefined : l10n.t('every {0} min', fields.checkpointMinutes);
    default:
      return choiceText(name, fields[name]);
  }
}

/** A value of a field with few values, in words; undefined for the default. */
export function choiceText(
  name: 'priority' | 'approvals' | 'requiresApproval' | 'review' | 'isolation' | 'onComplete',
  value: string | boolean | null,
): string | undefined {
  const priority = name === 'priority' ? priorities.find((known) => known === value) : undefined;
  if (priority !== undefined) return priorityWord(priority);
  switch (`${name} ${value}`) {
    case 'approvals ask':
      return l10n.t('The agent asks before each change and command');
    case 'approvals agent':
      return l10n.t('The permission mode of the agent decides');
    case 'approvals none':
      return l10n.t('No person is asked');
    case 'requiresApproval true':
      return l10n.t('required');
    case 'requiresApproval false':
      return l10n.t('not required');
    case 'review required':
      return l10n.t('A person must accept it');
    case 'review none':
      return l10n.t('not required');
    case 'isolation worktree':
      return l10n.t('In its own git worktree');
    case 'isolation none':
      return l10n.t('In the folder itself');
    case 'onComplete review':
      return l10n.t('Changes wait for a review');
    case 'onComplete merge':
      return l10n.t('Changes are merged automatically');
    default:
      return undefined;
  }
}

/** The meaning of a field without a value. */
export function emptyText(name: FieldName): string {
  if (['approvals', 'isolation', 'onComplete', 'assignedTo', 'checkpointMinutes'].includes(name)) {
    return l10n.t('default');
  }
  if (['budgetTokens', 'budgetCost', 'budgetMinutes', 'maxIterations'].includes(name)) return l10n.t('no limit');
  return name === 'allowedTools' ? l10n.t('all') : l10n.t('none');
}

function taskText(id: string, find: Find): string {
  const task = find(id);
  return task === undefined ? l10n.t('a deleted task') : `#${task.number} ${shownTitle(task)}`;
}

function listed(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.map(sanitizeLine).join(', ');
}
