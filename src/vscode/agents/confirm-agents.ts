import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';

/** Commands and rules that are shown at once; the file has all of them. */
const SHOWN = 20;

/**
 * Asks the person to confirm the agents, the rules, or both of a folder. False if nothing needs a confirmation.
 *
 * @throws TaskError `ChangedSinceShown` if the file changed while the person read it
 */
export async function confirmAgents(folder: TaskFolder): Promise<boolean> {
  const { unconfirmed, commands, rules, settings, digests } = await operate(folder, 'agents', {});
  const shown = [digests.agents, digests.rules, digests.settings].filter((digest) => digest !== undefined);
  if (shown.length === 0) return false;
  const file = vscode.Uri.joinPath(folder.folder.uri, '.systemprompt', 'config.json');
  const would = [
    ...section(
      l10n.t('Runs with your permissions:'),
      unconfirmed.map((name) => `${name}: ${commands[name] ?? '?'}`),
    ),
    ...section(l10n.t('Allowed without asking:'), rules),
    ...section(l10n.t('Settings of this folder:'), settings),
  ];
  const words = l10n.t(
    'This is the current content of {0}. A change of the file needs a new confirmation.',
    file.fsPath,
  );
  const look = l10n.t('Show File');
  const choices = choicesOf(digests);
  const answer = await vscode.window.showWarningMessage(
    questionOf(digests),
    { modal: true, detail: [...would, words].join('\n') },
    ...choices.keys(),
    look,
  );
  const confirmed = answer === undefined ? undefined : choices.get(answer);
  // Confirms the displayed content, not the current file.
  if (confirmed !== undefined) await operate(folder, 'agents', { confirm: confirmed });
  if (answer !== look) return true;
  await vscode.window.showTextDocument(file, { preview: true });
  throw new vscode.CancellationError();
}

interface Digests {
  readonly agents?: string | undefined;
  readonly rules?: string | undefined;
  readonly settings?: string | undefined;
}

function questionOf({ agents, rules, settings }: Digests): string {
  if (settings !== undefined) return l10n.t('Allow the settings of this folder?');
  if (rules === undefined) return l10n.t('Allow the agents of this folder?');
  if (agents === undefined) return l10n.t('Allow the rules of this folder?');
  return l10n.t('Allow the agents and rules of this folder?');
}

/** The digests that each button confirms. The person can allow agents or rules alone. */
function choicesOf({ agents, rules, settings }: Digests): Map<string, string[]> {
  const all = [agents, rules, settings].filter((digest) => digest !== undefined);
  const choices = new Map([[l10n.t('Allow on This Machine'), all]]);
  if (all.length < 2) return choices;
  if (agents !== undefined) choices.set(l10n.t('Agents Only'), [agents]);
  if (rules !== undefined) choices.set(l10n.t('Rules Only'), [rules]);
  return choices;
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > SHOWN ? [l10n.t('… and {0} more in the file', lines.length - SHOWN)] : [];
  return [title, ...lines.slice(0, SHOWN).map(sanitizeLine), ...more, ''];
}
