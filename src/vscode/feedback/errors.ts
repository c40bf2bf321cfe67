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
  /** The agent of the folder that nobody has confirmed, if that is what went wrong. */
  readonly unconfirmed?: string | undefined;
}

/**
 * Reads an error by its shape: the library is a bundle of its own, so its error class is not the one that this bundle has.
 */
export function errorWords(error: unknown): ErrorWords {
  if (!(error instanceof Error)) return { message: String(error), code: 'Internal' };
  const { code, hint, details } = error as Partial<Record<'code' | 'hint' | 'details', unknown>>;
  const { unconfirmed } = (details ?? {}) as { unconfirmed?: unknown };
  return {
    message: error.message,
    code: typeof code === 'string' ? code : 'Internal',
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(typeof unconfirmed === 'string' ? { unconfirmed } : {}),
  };
}

/** Shows what went wrong, what to do next, and a button that does it where there is one. Cancellation is not an error. */
export async function showError(error: unknown, logger: Logger): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const { message, hint, code, unconfirmed } = errorWords(error);
  logger.error(message, error);
  const action = unconfirmed === undefined ? actionFor(code as ErrorCode) : confirmAction();
  const log = l10n.t('Show Extension Log');
  const text = [message, hint, `(${code})`].filter((part) => part !== undefined).join(' ');
  const buttons = [...(action === undefined ? [] : [action.title]), ...(code === 'Internal' ? [log] : [])];
  const chosen = await vscode.window.showErrorMessage(plainMessage(text), ...buttons);
  if (chosen === undefined) return;
  if (chosen === action?.title) await vscode.commands.executeCommand(action.command);
  else await vscode.commands.executeCommand('systemprompt.showOutput');
}

function confirmAction(): { readonly title: string; readonly command: string } {
  return { title: l10n.t('Review and Confirm…'), command: 'systemprompt.agents.review' };
}

function actionFor(code: ErrorCode): { readonly title: string; readonly command: string } | undefined {
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
