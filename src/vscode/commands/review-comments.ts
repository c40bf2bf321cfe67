import * as vscode from 'vscode';
import { reviewPrompt } from '../../core/agent/review-prompt.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { plainMessage } from '../present/markdown.ts';
import { askText, required } from '../quick/input.ts';
import type { ShownComment } from '../reviews/review-comments.ts';
import type { Handler } from './context.ts';
import { taskTarget } from './task-target.ts';

export const addComment: Handler = async ({ reviews }, [reply]) => {
  if (isReply(reply)) await (await reviews.get()).comments.add(reply);
};

export const editComment: Handler = async ({ reviews }, [comment]) => {
  if (isComment(comment)) (await reviews.get()).comments.edit(comment);
};

export const saveComment: Handler = async ({ reviews }, [comment]) => {
  if (isComment(comment)) await (await reviews.get()).comments.save(comment);
};

export const cancelComment: Handler = async ({ reviews }, [comment]) => {
  if (isComment(comment)) (await reviews.get()).comments.cancelEdit(comment);
};

export const deleteComment: Handler = async ({ reviews }, [comment]) => {
  if (isComment(comment)) await (await reviews.get()).comments.remove(comment);
};

/** Sends all comments on the changes of a task to its agent, in one follow-up. */
export const sendComments: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'hasWorktree', l10n.t('Send comments to the agent'));
  if (target === undefined) return;
  const { folder, task } = target;
  const { comments } = await context.reviews.get();
  const waiting = comments.of(folder.path, task.id);
  if (waiting.length === 0) {
    void vscode.window.showInformationMessage(
      l10n.t('Task #{0} has no comments. Add them to lines of its changes.', task.number),
    );
    return;
  }
  await operate(folder, 'task.follow-up', { task: task.id, prompt: reviewPrompt(waiting) });
  await comments.clear(waiting);
  sent(task.number, waiting.length);
};

/** Sends a finished result back to its agent with a reason, and with the comments on its lines. */
export const requestChanges: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'returnable', l10n.t('Request changes to a result'));
  if (target === undefined) return;
  const { folder, task } = target;
  const { comments } = await context.reviews.get();
  const waiting = comments.of(folder.path, task.id);
  const given = args[2];
  const reason =
    typeof given === 'string'
      ? given
      : await askText(
          { title: l10n.t('Request changes to #{0}', task.number) },
          {
            prompt:
              waiting.length === 0
                ? l10n.t('The agent continues in the same session with your reason.')
                : l10n.t(
                    'The agent continues in the same session with your reason and your comments ({0}).',
                    waiting.length,
                  ),
            placeholder: l10n.t('For example: handle the empty list'),
            check: required(l10n.t('A reason')),
          },
        );
  if (typeof reason !== 'string') return;
  await operate(folder, 'task.reject', {
    task: task.id,
    reason: waiting.length === 0 ? reason : reviewPrompt(waiting, reason.trim()),
  });
  await comments.clear(waiting);
  sent(task.number, waiting.length);
};

function sent(task: number, comments: number): void {
  const text =
    comments === 0
      ? l10n.t('Requested changes to #{0}.', task)
      : comments === 1
        ? l10n.t('Sent 1 comment to the agent of #{0}.', task)
        : l10n.t('Sent {1} comments to the agent of #{0}.', task, comments);
  void vscode.window.showInformationMessage(plainMessage(text));
}

function isReply(value: unknown): value is vscode.CommentReply {
  return typeof value === 'object' && value !== null && 'thread' in value && 'text' in value;
}

function isComment(value: unknown): value is ShownComment {
  return typeof value === 'object' && value !== null && 'saved' in value && 'thread' in value;
}
