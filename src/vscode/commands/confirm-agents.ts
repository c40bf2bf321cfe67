import * as vscode from 'vscode';
import { confirmAgents } from '../agents/confirm-agents.ts';
import { l10n } from '../present/l10n.ts';
import type { Handler } from './context.ts';

/** Shows the commands and permissions of each folder of the window, and asks for confirmation. */
export const reviewAgents: Handler = async ({ folders }) => {
  let asked = false;
  for (const folder of folders.all) asked = (await confirmAgents(folder)) || asked;
  if (asked) return;
  await vscode.window.showInformationMessage(l10n.t('This folder has no agents or rules to confirm.'));
};
