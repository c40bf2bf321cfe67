import * as vscode from 'vscode';
import { findCheckpoint } from '../../core/task/checkpoint.ts';
import type { Checkpoint } from '../../core/task/checkpoint-schema.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { kindWord } from '../present/checkpoint-text.ts';
import { l10n } from '../present/l10n.ts';
import { plainMessage } from '../present/markdown.ts';
import { ageText, clockText } from '../present/time.ts';
import { askChoice, askText } from '../quick/input.ts';
import type { Handler } from './context.ts';
import { taskTarget } from './task-target.ts';

/** Saves a checkpoint of a task. A caller may pass the description as the third argument. */
export const makeCheckpoint: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'keepable', l10n.t('Create a checkpoint of a task'));
  if (target === undefined) return;
  const { folder, task } = target;
  const given = args[2];
  const message = typeof given === 'string' ? given : await askMessage(task);
  if (typeof message !== 'string') return;
  const words = message.trim() === '' ? undefined : message;
  const { checkpoint } = await operate(folder, 'task.checkpoint', { task: task.id, message: words });
  const kept =
    checkpoint.commit === undefined
      ? l10n.t(
          'Checkpoint {0} of task #{1} contains only the conversation: its folder is not in a git repository.',
          checkpoint.number,
          task.number,
        )
      : l10n.t('Created checkpoint {0} of task #{1}.', checkpoint.number, task.number);
  void vscode.window.showInformationMessage(kept);
};

/** Lists the checkpoints of a task and puts one back. A caller may give its number as the third argument. */
export const restoreCheckpoint: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'restorable', l10n.t('Restore a checkpoint of a task'));
  if (target === undefined) return;
  const { folder, task } = target;
  const chosen = typeof args[2] === 'number' ? findCheckpoint(task, args[2]) : await askCheckpoint(folder, task);
  if (chosen !== undefined) await restore(folder, task, chosen.number);
};

function askMessage(task: TaskRecord): Promise<unknown> {
  return askText(
    { title: l10n.t('Checkpoint of #{0} {1}', task.number, sanitizeLine(task.title)) },
    {
      prompt: l10n.t('Describe the checkpoint. It saves the current files.'),
      placeholder: l10n.t('For example: the tests pass'),
    },
  );
}

async function askCheckpoint(folder: TaskFolder, task: TaskRecord): Promise<Checkpoint | undefined> {
  // Refused with a message before the first question.
  findCheckpoint(task);
  const chosen = await askChoice<Checkpoint>(
    { title: l10n.t('Restore a checkpoint of #{0} {1}', task.number, sanitizeLine(task.title)) },
    {
      placeholder: l10n.t('Choose a checkpoint. Current files are saved first.'),
      choices: operate(folder, 'task.checkpoints', { task: task.id }).then(({ checkpoints }) =>
        checkpoints.toReversed().map((checkpoint) => ({
          label: `$(history) ${checkpoint.number}. ${sanitizeLine(checkpoint.message)}`,
          description: `${ageText(checkpoint.at, Date.now())} · ${kindWord(checkpoint.kind)}`,
          detail: clockText(checkpoint.at),
          value: checkpoint,
        })),
      ),
    },
  );
  return typeof chosen === 'object' ? chosen : undefined;
}

async function restore(folder: TaskFolder, task: TaskRecord, number: number): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title: l10n.t('Restoring #{0}', task.number) };
  const { files, before } = await vscode.window.withProgress(options, () =>
    operate(folder, 'task.restore', { task: task.id, checkpoint: number }),
  );
  const done =
    files.length === 0
      ? l10n.t('The files of task #{0} already match checkpoint {1}.', task.number, number)
      : files.length === 1
        ? l10n.t('Restored task #{0} to checkpoint {1}: 1 file.', task.number, number)
        : l10n.t('Restored task #{0} to checkpoint {1}: {2} files.', task.number, number, files.length);
  const undo = l10n.t('Undo');
  const buttons = before === null ? [] : [undo];
  // Not awaited: the command has ended, while its message may stay open.
  void vscode.window.showInformationMessage(plainMessage(done), ...buttons).then(async (answer) => {
    if (answer === undo && before !== null) await restore(folder, task, before.number);
  });
}
