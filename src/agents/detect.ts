import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from './environment.ts';
import type { Launcher, LaunchRequest } from './launcher.ts';

/** A program that does not print its version by then is shown without one. */
const VERSION_TIMEOUT_MS = 4_000;
/** Bytes of output to search for a version. */
const PRINTED_CHARS = 1 << 16;
const VERSION_SHAPE = /\d+\.\d+(?:\.\d+)?[0-9A-Za-z.+-]*/;

/**
 * The version of an installed program, or undefined if unknown. Reads its npm package first, which needs no process, then
 * runs the program with its version arguments, if it has any. Never rejects.
 */
export async function detectVersion(
  path: string,
  how: {
    readonly agent: string;
    readonly packages: readonly string[];
    readonly versionArgs?: readonly string[] | undefined;
  },
  { env, launcher }: { readonly env: Environment; readonly launcher: Launcher },
): Promise<string | undefined> {
  const packaged = packageVersion(path, how.packages);
  if (packaged !== undefined || how.versionArgs === undefined) return packaged;
  const printed = await run(launcher, { agent: how.agent, command: path, args: how.versionArgs, env: { ...env } });
  return VERSION_SHAPE.exec(printed)?.[0];
}

/** Looks for the package.json above the file that a link on PATH leads to. */
function packageVersion(path: string, packages: readonly string[]): string | undefined {
  if (packages.length === 0) return undefined;
  try {
    let folder = dirname(realpathSync(path));
    for (let level = 0; level < 5; level += 1, folder = dirname(folder)) {
      const found = readPackage(join(folder, 'package.json'));
      if (found !== undefined && packages.includes(found.name)) return found.version;
    }
  } catch {
    // Not a readable path: no version.
  }
  return undefined;
}

function readPackage(path: string): { name: string; version: string } | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof json !== 'object' || json === null || !('name' in json) || !('version' in json)) return undefined;
    const { name, version } = json;
    return typeof name === 'string' && typeof version === 'string' ? { name, version } : undefined;
  } catch {
    return undefined;
  }
}

/** Ends the program with its children: stopping only a wrapper would leave the wrapped program running. */
async function run(
  launcher: Launcher,
  program: Pick<LaunchRequest, 'agent' | 'command' | 'args' | 'env'>,
): Promise<string> {
  const request = { ...program, cwd: process.cwd(), stdin: 'ignore', taskId: 'version' } as const;
  const group = await launcher.start(request).catch(() => undefined);
  if (group === undefined) return '';
  const timer = setTimeout(() => void group.end(), VERSION_TIMEOUT_MS);
  try {
    const printed = await Promise.all([beginningOf(group.stdout), beginningOf(group.stderr)]);
    return (await group.exited).exitCode === 0 ? printed.join('\n') : '';
  } catch {
    return '';
  } finally {
    await group.gone;
    clearTimeout(timer);
  }
}

async function beginningOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.length > PRINTED_CHARS) break;
  }
  return text;
}
