import { Argument, Command as Commander, Option } from 'commander';
import type { Command } from './command.ts';
import { type CommandEntry, commandTable } from './command-table.ts';
import type { Flag } from './flags.ts';
import { description, examples, globalOptions, groups, helpOption } from './overview.ts';

/** A parsed command line: values as typed. */
export interface Parsed {
  readonly entry: CommandEntry;
  readonly positions: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

export interface GlobalOptions {
  readonly directory?: string;
  readonly store?: string;
  readonly json?: boolean;
  readonly fields?: string;
  readonly jq?: string;
  readonly as?: string;
}

/**
 * The command line with the loaded command alone, because no other one can be called; without one, with every command,
 * for the overview and for suggestions. A bare call has no words that a flag could take. Help is given to `writeHelp`;
 * errors are thrown as commander's own.
 */
export function buildProgram(
  loaded: { entry: CommandEntry; command: Command; bare?: boolean } | undefined,
  writeHelp: (text: string) => void,
): { program: Commander; parsed: () => Parsed | undefined } {
  let parsed: Parsed | undefined;
  const program = new Commander('systemprompt')
    .exitOverride()
    .configureOutput({ writeOut: writeHelp, writeErr: writeHelp, outputError: () => {} })
    .configureHelp({ showGlobalOptions: true })
    .description(description)
    .helpOption(...helpOption)
    .addHelpText('after', examples);
  for (const [flags, text] of globalOptions) program.option(flags, text);
  const parents = new Map<string, Commander>();
  for (const [name, summary] of Object.entries(groups)) {
    if (loaded !== undefined && (loaded.entry.words[0] !== name || loaded.entry.words.length === 1)) continue;
    parents.set(name, program.command(name).description(summary).helpCommand(false));
  }
  for (const entry of loaded === undefined ? commandTable : [loaded.entry]) {
    const group = parents.get(entry.words[0] ?? '');
    // A command of one word can be a group, too.
    const isGroup = group !== undefined && entry.words.length === 1;
    const parent = entry.words.slice(1, -1).reduce((above, word) => subcommand(above, word), group ?? program);
    const command = isGroup ? group : subcommand(parent, entry.words.at(-1) ?? '').description(entry.summary);
    if (loaded !== undefined && !isWithoutFlags(loaded)) addFlags(command, loaded.command);
    command.action((...args: unknown[]) => {
      parsed = { entry, positions: args.slice(0, -2), options: command.opts() };
    });
  }
  program.helpCommand(false);
  return { program, parsed: () => parsed };
}

/** The command of this name below another one. */
function subcommand(above: Commander, name: string): Commander {
  return above.commands.find((command) => command.name() === name) ?? above.command(name).helpCommand(false);
}

function isWithoutFlags({ command, bare }: { command: Command; bare?: boolean }): boolean {
  return bare === true && command.positional.length === 0;
}

function addFlags(commander: Commander, command: Command): void {
  const byPosition = new Set(command.positional.map((position) => position.key));
  for (const { key, required } of command.positional) {
    const flag = command.flags.find((candidate) => candidate.key === key);
    if (flag === undefined) continue;
    const name = `${flag.name}${flag.list ? '...' : ''}`;
    commander.addArgument(new Argument(required ? `<${name}>` : `[${name}]`, flag.description));
  }
  for (const flag of command.flags) if (!byPosition.has(flag.key)) addFlag(commander, flag);
  for (const flag of command.flags) {
    if (!flag.long) continue;
    const file = new Option(`--${flag.name}-file <path>`, `The same, read from a file; - reads standard input.`);
    commander.addOption(file);
  }
  commander.addHelpText('after', () => helpAfter(command));
}

function addFlag(commander: Commander, flag: Flag): void {
  const value = flag.type === 'switch' ? '' : ` <${placeholder(flag)}${flag.list ? '...' : ''}>`;
  const option = new Option(`--${flag.name}${value}`, describe(flag));
  commander.addOption(flag.hidden === true ? option.hideHelp() : option);
  if (flag.negatable) commander.addOption(new Option(`--no-${flag.name}`, `Opposite of --${flag.name}.`));
  for (const alias of flag.aliases) {
    const hidden = new Option(`--${alias}${value}`).hideHelp();
    commander.addOption(hidden);
  }
}

/** Describes the format of a value. */
export function placeholder(flag: Flag): string {
  if (flag.value !== '') return flag.value;
  if (flag.type !== 'text') return flag.type === 'integer' ? 'n' : 'number';
  return flag.choices.length > 0 ? flag.name : 'text';
}

/** The name of the flag with its possible values. */
export function describe(flag: Flag): string {
  const extras = [
    flag.choices.length > 0 ? flag.choices.join(', ') : '',
    flag.commas ? 'comma-separated' : flag.list ? 'repeatable' : '',
    flag.nullable ? '"none" removes the value' : '',
  ].filter(Boolean);
  return extras.length === 0 ? flag.description : `${flag.description} (${extras.join('; ')})`;
}

function helpAfter(command: Command): string {
  const examples = command.examples
    .map(({ words, description }) => `  # ${description}\n  systemprompt ${words}`)
    .join('\n');
  return [command.details === undefined ? '' : `\n${command.details}`, `\nExamples:\n${examples}\n`].join('\n');
}
