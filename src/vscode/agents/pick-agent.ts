import * as vscode from 'vscode';
import type { AgentInfo } from '../../core/agent/catalog.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { askChoice, type back, type Choice, type Frame } from '../quick/input.ts';
import { confirmAgents } from './confirm-agents.ts';

/** An agent, or the name of an unconfirmed agent of the folder. */
type Offer = AgentInfo | { readonly unconfirmed: string };

/**
 * Offers the installed agents that fit. A missing one explains its installation; one that came with the folder runs only after a
 * confirmation.
 */
export async function pickAgent(
  folder: TaskFolder,
  frame: Frame,
  selected: string | undefined,
  fits: (agent: AgentInfo) => boolean = () => true,
): Promise<AgentInfo | typeof back | undefined> {
  for (;;) {
    const picked = await askChoice<Offer>(frame, {
      placeholder: l10n.t('Choose an agent'),
      choices: choices(folder, fits),
      selected: (value) => 'name' in value && value.name === selected,
    });
    if (typeof picked !== 'object') return picked;
    if ('unconfirmed' in picked) await confirmAgents(folder);
    else if (picked.available) return picked;
    else await explainInstall(picked);
  }
}

/**
 * Installed agents first, with their versions; then agents to be confirmed; then the others with their install command.
 */
async function choices(
  folder: TaskFolder,
  fits: (agent: AgentInfo) => boolean,
): Promise<(Choice<Offer> | vscode.QuickPickItem)[]> {
  const { agents, unconfirmed } = await operate(folder, 'agents', {});
  const all = (agents as AgentInfo[]).filter(fits);
  const missing = all.filter(({ available }) => !available);
  return [
    ...all.filter(({ available }) => available).map(hereChoice),
    ...separator(l10n.t('configured in this folder, not allowed yet'), unconfirmed.length),
    ...unconfirmed.map((name) => ({ label: `$(shield) ${sanitizeLine(name)}`, value: { unconfirmed: name } })),
    ...separator(l10n.t('not installed'), missing.length),
    ...missing.map(missingChoice),
  ];
}

function hereChoice(value: AgentInfo): Choice<Offer> {
  return {
    label: `$(${value.kind === 'shell' ? 'terminal' : 'hubot'}) ${sanitizeLine(value.title)}`,
    description: [value.name, value.version].filter(Boolean).join(' · '),
    value,
  };
}

function missingChoice(value: AgentInfo): Choice<Offer> {
  const label = `$(cloud-download) ${sanitizeLine(value.title)}`;
  return { label, description: value.name, ...(value.install === undefined ? {} : { detail: value.install }), value };
}

function separator(label: string, items: number): vscode.QuickPickItem[] {
  return items === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }];
}

async function explainInstall({ title, install }: AgentInfo): Promise<void> {
  const copy = l10n.t('Copy Command');
  const message = l10n.t('{0} is not installed.', sanitizeLine(title));
  const buttons = install === undefined ? [] : [copy];
  const options = { modal: true, ...(install === undefined ? {} : { detail: install }) };
  const answer = await vscode.window.showInformationMessage(message, options, ...buttons);
  if (answer === copy && install !== undefined) await vscode.env.clipboard.writeText(install);
}
