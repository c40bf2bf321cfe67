import { readFileSync } from 'node:fs';
import type { CommanderError } from 'commander';
import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import type { Host } from '../host.ts';
import type { Command, Invocation } from './command.ts';
import { COMPLETE } from './completion/scripts.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { nestedRepository, workspaceFolder } from './folder.ts';
import { interruption } from './interrupt.ts';
import type { GlobalOptions, Parsed } from './program.ts';
import { withFields } from './terminal/fields.ts';
import { type Output, processOutput } from './terminal/output.ts';
import { sinkOf } from './terminal/sink.ts';
import { nameAsTyped, valuesOf } from './values.ts';
import { printError } from './views/error.ts';
import { commandWords, findCommand, helpToFlag, isBare, switchesAlone } from './words.ts';

/** The environment of a call: of the process, or of a test. */
export interface Environment {
  readonly cwd: string;
  readonly out: Output;
  /** The command that starts this program in another process. */
  readonly program: { readonly command: string; readonly args: readonly string[] };
  /** Asks for Ctrl-C to abort this signal instead of ending the process. */
  interrupted(): AbortSignal;
}

/** Runs the command line of this process; `main` is the file that it was started with. */
export async function runProcess(process: NodeJS.Process, main: string): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), {
    cwd: process.cwd(),
    program: { command: process.execPath, args: [...process.execArgv, main] },
    out: processOutput(
      { stdout: sinkOf(process, 'stdout'), stderr: sinkOf(process, 'stderr'), env: process.env },
      { colour: !process.argv.includes('--no-color') },
    ),
    interrupted: interruption(process),
  });
}

/** Runs one command line. Never throws: every error is printed and has its exit code. */
export async function run(words: readonly string[], environment: Environment): Promise<ExitCode> {
  if (words[0] === COMPLETE) {
    const { complete } = await import('./completion/complete.ts');
    await complete(words.slice(1), environment);
    return exitCodes.done;
  }
  const argv = helpToFlag(words);
  try {
    return await dispatch(argv, environment);
  } catch (error) {
    if (isAbort(error)) {
      environment.out.note('Stopped. Nothing was changed.');
      return exitCodes.interrupted;
    }
    const known = isCommanderError(error) ? usageError(error) : TaskError.from(error);
    printError(known, environment.out, argv.includes('--json'));
    return exitCodeOf(known);
  }
}

async function dispatch(argv: readonly string[], environment: Environment): Promise<ExitCode> {
  if (commandWords(argv).length === 0 && argv.some((word) => word === '-V' || word === '--version')) {
    const { productVersion } = await import('./version.ts');
    environment.out.print(productVersion(readFileSync));
    return exitCodes.done;
  }
  const entry = findCommand(argv);
  const command = await entry?.load();
  const switches = entry === undefined ? undefined : switchesAlone(argv, entry);
  if (entry !== undefined && command?.positional.length === 0 && switches !== undefined) {
    return invoke(command, { entry, positions: [], options: {} }, switches, environment);
  }
  const { buildProgram } = await import('./program.ts');
  let help = '';
  const { program, parsed } = buildProgram(
    entry === undefined || command === undefined ? undefined : { entry, command, bare: isBare(argv, entry) },
    (text) => {
      help += text;
    },
  );
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!isCommanderError(error) || !error.code.startsWith('commander.help')) throw error;
    environment.out.print(help.trimEnd());
    return exitCodes.done;
  }
  const call = parsed();
  if (call === undefined || command === undefined) throw new TaskError('InvalidInput', 'There is no such command.');
  return invoke(command, call, program.opts<GlobalOptions>(), environment);
}

async function invoke(
  command: Command,
  parsed: Parsed,
  options: GlobalOptions,
  environment: Environment,
): Promise<ExitCode> {
  const folder = workspaceFolder(environment.cwd, options.directory);
  const nested =
    options.directory === undefined && !command.reads ? nestedRepository(environment.cwd, folder) : undefined;
  if (nested !== undefined) environment.out.note(nestedNote(nested, folder));
  const values = await valuesOf(command, parsed, folder);
  let opened: Promise<Host> | undefined;
  const call: Invocation = {
    folder,
    out: await outputOf(environment.out, options),
    json: options.json === true || options.fields !== undefined || options.jq !== undefined,
    values,
    interrupted: environment.interrupted,
    actor: options.as,
    host: (at = folder) => {
      opened ??= open(at, command, options, environment);
      return opened;
    },
  };
  try {
    return await command.run(call);
  } catch (error) {
    throw error instanceof TaskError ? inFlags(error, command) : error;
  } finally {
    await opened?.then(
      (host) => host.close(),
      () => {},
    );
  }
}

/** The output with the fields and the expression of the call. */
async function outputOf(out: Output, { fields, jq }: GlobalOptions): Promise<Output> {
  if (fields === undefined && jq === undefined) return out;
  const filtered = jq === undefined ? out : (await import('./terminal/jq.ts')).withJq(out, jq);
  return fields === undefined ? filtered : withFields(filtered, fields);
}

/** A person may expect tasks of the inner repository. */
function nestedNote(nested: string, folder: string): string {
  return `This command uses the tasks of ${folder}, although ${nested} is a separate repository. To keep its tasks there, add: -C .`;
}

async function open(
  folder: string,
  command: Command,
  { as: actor, store }: GlobalOptions,
  { program }: Environment,
): Promise<Host> {
  const { openHost } = await import('../host.ts');
  return openHost({
    folder,
    storeAddress: store,
    // Looking something up needs no name, and finding it out takes two processes.
    actor: actor ?? (command.reads ? 'reader' : command.recovers === true ? 'the worker' : undefined),
    workerCommand: program,
    watch: command.follows === true,
    // Looking something up changes no task; a worker recovers tasks after it announced itself.
    recovers: !command.reads && command.recovers !== true,
  });
}

/** True for the reason of an aborted signal: an operation throws it only before its first change. */
function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** By its code, because most calls do not load commander. */
function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

/** Commander's message without its prefix; its suggestion becomes a next step. */
function usageError(error: CommanderError): TaskError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').replace(/^\(|\)$/g, '');
  const quotes = error.code === 'commander.excessArguments' ? 'Put words that belong together into quotes.' : '';
  return new TaskError(
    'InvalidInput',
    `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.?!]$/.test(first) ? '' : '.'}`,
    {
      next: [suggestion, quotes, 'See --help.'].filter((text) => text !== '').map(textStep),
      cause: error,
    },
  );
}

/** An error about a key of the input, reported with the flag or the argument as typed. */
function inFlags(error: TaskError, command: Command): TaskError {
  const [issue] = (error.details?.issues ?? []) as readonly { path?: string; message?: string }[];
  if (issue?.path === undefined || issue.path === '' || issue.message === undefined) return error;
  const [key = '', ...inner] = issue.path.split('.');
  const names = [
    nameAsTyped(command, key),
    ...inner.map((part) => (/^\d+$/.test(part) ? `entry ${Number(part) + 1}` : part)),
  ];
  return new TaskError(error.code, `${names.join(': ')}: ${issue.message}`, {
    next: error.next,
    cause: error,
    details: error.details,
  });
}
