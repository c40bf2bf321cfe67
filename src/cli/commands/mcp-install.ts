import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { suggestions, textStep } from '../../core/next-step.ts';
import { sanitizeText } from '../../core/text/sanitize.ts';
import type { ServerCommand } from '../../mcp/install/clients.ts';
import type { Command, Invocation } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { switchFlag, textFlag } from '../flags.ts';

/** Known by their names only, so that the help needs no other file. */
const names = ['claude', 'codex', 'cursor', 'gemini', 'opencode', 'vscode'] as const;

export const command: Command = {
  details: `Shows the file and the entry. --yes writes it. Other entries and comments stay, and an existing entry is not changed.
Most clients read a file of the folder; Codex reads one in your home folder.`,
  examples: [
    { words: 'mcp install claude', description: 'show the change for Claude Code' },
    { words: 'mcp install vscode --yes', description: 'write .vscode/mcp.json' },
  ],
  flags: [
    { ...textFlag('client', 'The client.', 'client'), choices: [...names] },
    switchFlag('yes', 'Write the file.'),
  ],
  positional: [{ key: 'client', required: true }],
  json: '`{ client, file, entry, changed, written }`',
  reads: true,
  run: install,
};

async function install({ folder, values, json, out }: Invocation): Promise<ExitCode> {
  const { mcpClients } = await import('../../mcp/install/clients.ts');
  const { planInstallation, writeInstallation } = await import('../../mcp/install/install.ts');
  const name = names.find((each) => each === values.client);
  if (name === undefined) {
    throw new TaskError('InvalidInput', `There is no client "${String(values.client)}".`, {
      next: [...suggestions(String(values.client), names), textStep(`The clients are ${names.join(', ')}.`)],
    });
  }
  const client = mcpClients[name];
  const planned = await planInstallation(client, folder, serverCommand(), process.env);
  const changed = planned.text !== undefined;
  const written = changed && values.yes === true;
  if (written) await writeInstallation(planned);
  if (json) {
    out.json({ client: name, file: planned.file, entry: planned.entry, changed, written });
    return exitCodes.done;
  }
  const file = sanitizeText(planned.file);
  if (!changed) out.print(`${client.title} has the server already: ${file}`);
  else if (written) out.print(`Added the server to ${file}. Restart ${client.title}.`);
  else {
    const entry = sanitizeText(JSON.stringify({ [client.key]: { 'systemprompt-tasks': planned.entry } }, undefined, 2));
    out.print(`Adds to ${file}:\n\n${entry}\n\nWrite it:\n  systemprompt mcp install ${name} --yes`);
  }
  return exitCodes.done;
}

/** By its name where the shell finds it, so that the file works on other machines; otherwise by its paths. */
function serverCommand(): ServerCommand {
  const isInstalled = (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(folder));
  if (isInstalled) return { command: 'systemprompt', args: ['mcp'] };
  return { command: process.execPath, args: [process.argv[1] ?? '', 'mcp'] };
}

function isExecutable(folder: string): boolean {
  if (folder === '') return false;
  try {
    accessSync(join(folder, 'systemprompt'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
