import * as vscode from 'vscode';
import type { ErrorCode } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { type NextStep, stepSentence } from '../../core/next-step.ts';
import { l10n } from '../present/l10n.ts';
import { plainMessage } from '../present/markdown.ts';
import { type StepButton, stepButtons } from './step-buttons.ts';

/** An error in the words of a person. */
interface ErrorWords {
  readonly message: string;
  readonly next: readonly NextStep[];
  readonly code: string;
  /** Path of the folder whose operation failed. */
  readonly folder?: string | undefined;
  /** The unconfirmed agent or file of the folder, if that is the cause. */
  readonly unconfirmed?: string | undefined;
}

/** Reads an error by its shape: other extensions may throw errors of another copy of the library. */
export function errorWords(error: unknown): ErrorWords {
  if (!(error instanceof Error)) return { message: String(error), code: 'Internal', next: [] };
  const { code, next, details, folder } = error as Partial<Record<'code' | 'next' | 'details' | 'folder', unknown>>;
  const { unconfirmed } = (details ?? {}) as { unconfirmed?: unknown };
  return {
    message: error.message,
    code: typeof code === 'string' ? code : 'Internal',
    next: Array.isArray(next) ? (next as NextStep[]) : [],
    ...(typeof folder === 'string' ? { folder } : {}),
    ...(typeof unconfirmed === 'string' ? { unconfirmed } : {}),
  };
}

/** The error and its next steps in one text, for a page. */
export function errorText(error: unknown): string {
  const { message, next } = errorWords(error);
  return [message, ...next.map(stepSentence)].join(' ');
}

/** Shows an error, its next steps, and a button for each step that has one. Cancellation is not an error. */
export async function showError(error: unknown, logger: Logger): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const words = errorWords(error);
  const { message, next, code, folder } = words;
  // The log has the code; a notification has the words of a person.
  logger.error(`${message} (${code})`, error);
  const action = confirmAction(words) ?? actionFor(code as ErrorCode);
  const offered = [...(action === undefined ? [] : [action]), ...stepButtons(next, folder)];
  const buttons = offered.filter(({ title }, at) => offered.findIndex((other) => other.title === title) === at);
  if (code === 'Internal') buttons.push({ title: l10n.t('Show Extension Log'), command: 'systemprompt.showOutput' });
  // A button has its own label; the message contains only the steps without a button, and commands to copy.
  const steps = next.filter((step) => step.kind !== 'operation' || !buttons.some((button) => button.step === step));
  const text = [message, ...steps.map(stepSentence)].join(' ');
  const chosen = await vscode.window.showErrorMessage(plainMessage(text), ...buttons.map(({ title }) => title));
  const button = buttons.find(({ title }) => title === chosen);
  if (button?.copy !== undefined) await vscode.env.clipboard.writeText(button.copy);
  if (button?.command !== undefined) await vscode.commands.executeCommand(button.command, ...(button.args ?? []));
}

function confirmAction({ unconfirmed }: ErrorWords): StepButton | undefined {
  if (unconfirmed === undefined) return undefined;
  return { title: l10n.t('Review and Confirm…'), command: 'systemprompt.agents.review' };
}

function actionFor(code: ErrorCode): StepButton | undefined {
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
