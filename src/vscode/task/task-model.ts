import { historyActor } from '../../core/task/history-actor.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { OutputOf as OperationOutput } from '../../operations/all.ts';
import type { TaskModel } from '../../webviews/task/protocol.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { kindWord } from '../present/checkpoint-text.ts';
import { l10n } from '../present/l10n.ts';
import { codeMarkup, markupOf } from '../present/markup.ts';
import { type RowContext, rowDetails } from '../present/task-row.ts';
import { rowFlags } from '../present/task-state.ts';
import { momentText } from '../present/time.ts';
import { statusWord } from '../present/words.ts';
import { buttonsOf } from './buttons.ts';
import { changesKey } from './changes-key.ts';
import { executionRow } from './execution-rows.ts';
import { factGroups } from './fact-groups.ts';
import { relatedTasks } from './related-tasks.ts';
import { shownField, shownText } from './shown-text.ts';
import { taskRequests } from './task-requests.ts';

/** Entries of history, executions and checkpoints that the page shows, the latest ones. */
const SHOWN = 200;

interface ModelInput {
  readonly folder: TaskFolder;
  readonly task: TaskRecord;
  readonly row: RowContext;
  readonly limits: OperationOutput<'task.usage'>['limits'];
  readonly trusted: boolean;
}

/** Everything that the task page shows of a task, safe to show. */
export function taskModel({ folder, task, row, limits, trusted }: ModelInput): TaskModel {
  const acceptance = shownField(task, 'acceptance');
  return {
    folder: folder.path,
    id: task.id,
    number: task.number,
    title: shownField(task, 'title'),
    status: statusWord(task.status),
    mark: row.standing.kind,
    reason: rowDetails(task, row).join(' · '),
    ...(task.error === undefined ? {} : { error: shownText(task.error) }),
    buttons: buttonsOf(task, trusted),
    trusted,
    description: shownField(task, 'description'),
    instructions: shownField(task, 'instructions'),
    acceptance,
    shown: {
      description: markupOf(shownField(task, 'description')),
      instructions: (task.tool === 'SHELL' ? codeMarkup : markupOf)(shownField(task, 'instructions')),
      acceptance: markupOf(acceptance.replace(/^(?=.)/gm, '- ')),
    },
    groups: factGroups(folder, task, row.now),
    limits: limits.map(({ text, limit, spent }) => ({
      text,
      share: spent === null || limit <= 0 ? null : Math.min(1, spent / limit),
    })),
    requests: taskRequests(folder, task),
    related: relatedTasks(folder, task, row.now),
    executions: latest(task.executions).map((execution) => executionRow(execution, row.now)),
    checkpoints: latest(task.checkpoints ?? []).map(({ number, at, kind, message }) => ({
      number,
      message: shownText(message),
      about: `${momentText(at)} · ${kindWord(kind)}`,
    })),
    restorable: trusted && rowFlags(task).includes('restorable'),
    changes: changesKey(task, trusted),
    history: latest(task.history).map((entry) => ({
      at: momentText(entry.at),
      change: entry.changes === undefined ? `${statusWord(entry.from)} → ${statusWord(entry.to)}` : l10n.t('Changed'),
      reason: reasonOf(entry),
    })),
  };
}

function reasonOf(entry: TaskRecord['history'][number]): string {
  const by = historyActor(entry);
  const reason = shownText(entry.reason);
  return by === undefined ? reason : l10n.t('{0} (by {1})', reason, by);
}

function latest<T>(all: readonly T[]): T[] {
  return all.slice(-SHOWN).reverse();
}
