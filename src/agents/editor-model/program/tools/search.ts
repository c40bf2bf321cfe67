import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { isGuarded } from '../../../../core/policy/rules-files.ts';
import type { Environment } from '../../../environment.ts';
import { findProgram } from '../../../find-program.ts';
import { type Place, placeOf } from './place.ts';
import { runProgram } from './run-command.ts';
import { definitionOf, type Tool, ToolError, type ToolOutput, textInput } from './tool.ts';

const TIMEOUT_MS = 60_000;
const LINE_CHARS = 500;

/** Searches files with git's own search, which takes linear time for every pattern and leaves out ignored files. */
export function searchTool(cwd: string, env: Environment): Tool {
  return {
    definition: definitionOf(
      'search',
      'Search the files of the working folder for an extended regular expression. Returns path:line:text.',
      {
        pattern: { type: 'string', description: 'POSIX extended regular expression.' },
        path: { type: 'string', description: 'Folder or file to search. Default: the working folder.' },
      },
      ['pattern'],
    ),
    async prepare(input) {
      const pattern = textInput(input, 'pattern');
      if (pattern === '') throw new ToolError('The pattern is empty.');
      const place = await placeOf(cwd, typeof input.path === 'string' && input.path !== '' ? input.path : '.');
      return {
        shown: { title: pattern, kind: 'search', files: [place.path] },
        asks: !place.isOpen,
        run: (signal) => search(pattern, place, { cwd, env, signal }),
      };
    },
  };
}

interface SearchOptions {
  readonly cwd: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
}

async function search(pattern: string, place: Place, { cwd, env, signal }: SearchOptions): Promise<ToolOutput> {
  const found = await stat(place.real).catch(() => undefined);
  if (found === undefined) throw new ToolError('There is no such file or folder.');
  const git = findProgram('git', env);
  if (git === undefined) throw new ToolError('git is not installed. Use a command instead.');
  // Some versions of git fail for an absolute path outside of a repository.
  const isFolder = found.isDirectory();
  const [folder, target] = isFolder ? [place.real, '.'] : [dirname(place.real), `./${basename(place.real)}`];
  const settings = ['--literal-pathspecs', '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false'];
  const how = ['grep', '--no-index', '--exclude-standard', '-I', '-n', '-z', '-E', '--no-color', '-e', pattern];
  const output = await runProgram(git, [...settings, ...how, '--', target], {
    cwd: folder,
    env,
    timeoutMs: TIMEOUT_MS,
    signal,
    apart: true,
  });
  const top = await realpath(cwd);
  return matchesIn(output, (file) => {
    if (!isFolder) return relative(cwd, place.path);
    const name = relative(top, join(folder, file)).replaceAll('\\', '/');
    return isGuarded(name, 'read') ? undefined : relative(cwd, join(place.path, file));
  });
}

/**
 * The matches in the output of git, and git's own words if it failed.
 *
 * @param nameOf the shown name of a file; undefined for one with secrets
 */
export function matchesIn(output: ToolOutput, nameOf: (file: string) => string | undefined): ToolOutput {
  const isBroken = output.failed === true && output.exitCode !== 1;
  // A line whose beginning was left out does not name its file.
  const text = output.text.replace(/(\n\[\d+ characters left out\]\n)[^\n]*/, '$1');
  const lines = text.split('\n').flatMap((line) => {
    const [file, number, match] = line.split('\0');
    if (file === undefined || number === undefined || match === undefined)
      return line !== '' && (isBroken || line.endsWith(' left out]')) ? [line] : [];
    const name = nameOf(file);
    return name === undefined ? [] : [`${name}:${number}:${match.slice(0, LINE_CHARS)}`];
  });
  return { ...(isBroken ? output : {}), text: lines.length === 0 ? 'No match.' : lines.join('\n') };
}
