import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import type { Handler } from './context.ts';

/** Commands and rules that are shown at once; the file has all of them. */
const SHOWN = 10;

/** Shows what each folder of the window would run or allow, and lets the person confirm it. */
export const reviewAgents: Handler = async ({ folders }) => {
  let asked = false;
  for (const folder of folders.all) asked = (await confirmAgents(folder)) || asked;
  if (asked) return;
  await vscode.window.showInformationMessage(l10n.t('This folder brings along no agents or rules to be confirmed.'));
};

/** Asks the person whether what came with the folder may count. False where nothing is to be confirmed. */
export async function confirmAgents(folder: TaskFolder): Promise<boolean> {
  const { unconfirmed, commands, rules } = await operate(folder, 'agents', {});
  if (unconfirmed.length + rules.length === 0) return false;
  const file = vscode.Uri.joinPath(folder.folder.uri, '.systemprompt', 'config.json');
  const allow = l10n.t('Allow on This Machine');
  const look = l10n.t('Look at the Commands');
  const words = l10n.t(
    'Their commands are in {0}, and what its rules allow without asking. They run with your rights. A change asks again.',
    file.fsPath,
  );
  const lines = [...unconfirmed.map((name) => `${name}: ${commands[name] ?? '?'}`), ...rules].map(sanitizeLine);
  const more = lines.length > SHOWN ? ['…'] : [];
  const detail = [...lines.slice(0, SHOWN), ...more, '', words].join('\n');
  const message = l10n.t('Allow the agents that this folder brings along?');
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, allow, look);
  if (answer === allow) await operate(folder, 'agents', { confirm: true });
  if (answer !== look) return true;
  await vscode.window.showTextDocument(file, { preview: true });
  throw new vscode.CancellationError();
}
