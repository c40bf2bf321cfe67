import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionLimits } from './adapter.ts';

/** Its own tools. It runs commands that only read without asking, so that limits must keep the tool from the model. */
const tools = {
  read: ['read_file', 'read_many_files', 'list_directory', 'glob', 'grep_search', 'codebase_investigator'],
  write: ['write_file', 'replace'],
  run: ['run_shell_command'],
  web: ['google_web_search', 'web_fetch'],
} as const;
const kinds = ['read', 'write', 'run', 'web'] as const;

/**
 * Writes the limits of a session as a policy of Gemini CLI. An administrator's policy is the only one that is added to
 * those of the person; Gemini CLI ignores it on a machine that has its own.
 *
 * @returns the arguments that name the file; none if nothing is forbidden
 */
export async function geminiPolicy({ reach }: SessionLimits, folder: string): Promise<readonly string[]> {
  if (reach === undefined) return [];
  const denied = kinds.filter((kind) => reach[kind] === 'none').flatMap((kind) => tools[kind]);
  if (denied.length === 0) return [];
  const path = join(folder, 'limits.toml');
  const rule = ['[[rule]]', `toolName = ${JSON.stringify(denied)}`, 'decision = "deny"', 'priority = 999'];
  await writeFile(path, `${rule.join('\n')}\n`, { mode: 0o600 });
  return ['--admin-policy', path];
}
