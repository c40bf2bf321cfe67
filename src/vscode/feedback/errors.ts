import * as vscode from 'vscode';
import type { ErrorCode } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { l10n } from '../present/l10n.ts';
import { plainMessage } from '../present/markdown.ts';

/** What an error says to a person. */
interface ErrorWords {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly code: string;
  /** The agent or the file of the folder that nobody has confirmed, if that is what went wrong. */
  readonly unconfirmed?: string | undefined;
  /** True when tasks that came with the folder would run, which nobody has confirmed. */
  readonly cameAlong?: boolean | undefined;
}

/**
 * Reads an error by its shape: the library is a bundle of its own, so its error class is not the one that this bundle has.
 */
export function errorWords(error: unknown): ErrorWords {
  if (!(error instanceof Error)) return { message: String(error), code: 'Internal' };
  const { code, hint, details } = error as Partial<Record<'code' | 'hint' | 'details', unknown>>;
  const { unconfirmed, set_to_run } = (details ?? {}) as { unconfirmed?: unknown; set_to_run?: unknown };
  return {
    message: error.message,
    code: typeof code === 'string' ? code : 'Internal',
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(typeof unconfirmed === 'string' ? { unconfirmed } : {}),
    ...(typeof set_to_run === 'number' ? { cameAlong: true } : {}),
  };
}

/** The error and its hint in one text, for a page. */
export function errorText(error: unknown): string {
  const { message, hint } = errorWords(error);
  return hint === undefined ? message : `${message} ${hint}`;
}

/** Shows what went wrong, what to do next, and a button that does it where there is one. Cancellation is not an error. */
export async function showError(error: unknown, logger: Logger): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const words = errorWords(error);
  const { message, hint, code } = words;
  logger.error(message, error);
  const action = confirmAction(words) ?? actionFor(code as ErrorCode);
  const log = l10n.t('Show Extension Log');
  const text = [message, hint, `(${code})`].filter((part) => part !== undefined).join(' ');
  const buttons = [...(action === undefined ? [] : [action.title]), ...(code === 'Internal' ? [log] : [])];
  const chosen = await vscode.window.showErrorMessage(plainMessage(text), ...buttons);
  if (chosen === undefined) return;
  if (chosen === action?.title) await vscode.commands.executeCommand(action.command);
  else await vscode.commands.executeCommand('systemprompt.showOutput');
}

interface Action {
  readonly title: string;
  readonly command: string;
}

function confirmAction({ unconfirmed, cameAlong }: ErrorWords): Action | undefined {
  const title = l10n.t('Review and Confirm…');
  if (unconfirmed !== undefined) return { title, command: 'systemprompt.agents.review' };
  return cameAlong === true ? { title, command: 'systemprompt.queue.confirm' } : undefined;
}

function actionFor(code: ErrorCode): Action | undefined {
  switch (code) {
    case 'Untrusted':
      return { title: l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' };
    case 'StoreNotWritable':
    case 'StoreClosed':
      return { title: l10n.t('Try Again'), command: 'systemprompt.tasks.refresh' };
    default:
      return undefined;
  }
}
