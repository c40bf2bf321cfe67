import { randomUUID } from 'node:crypto';
import { lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { TaskError } from '../../core/errors.ts';
import { nameOfRule, type PermissionRule } from '../../core/policy/rules.ts';
import { appendToList } from '../../core/text/json-append.ts';
import { confirmedParts, digestsOf, type Environment, updateConfirmed } from '../settings/confirmations.ts';
import { withFileLock } from '../settings/file-lock.ts';
import { workspaceSettingsFile } from '../settings/settings.ts';
import { type SettingsFile, settingsSchema } from '../settings/settings-schema.ts';

/**
 * Adds rules to the workspace's `config.json`, and nothing else: what a person wrote stays as it is. The rules count at
 * once, because the person who adds them has confirmed them. Those that are there are not added again.
 *
 * @throws TaskError `SettingsUnreadable` for a file that is no settings, `NotConfirmed` for one with rules that nobody on
 *   this machine has confirmed, which adding to them would confirm as well; `SettingsBusy`
 */
export async function rememberRules(
  folder: string,
  rules: readonly PermissionRule[],
  env: Environment = process.env,
): Promise<void> {
  const file = workspaceSettingsFile(folder);
  await withFileLock(file, async () => {
    // A person's editor knows nothing of the lock: what it saved meanwhile is read again.
    while (!(await addTo(file, folder, rules, env)));
  });
}

/** False when the file was changed meanwhile. */
async function addTo(
  file: string,
  folder: string,
  rules: readonly PermissionRule[],
  env: Environment,
): Promise<boolean> {
  const text = await readText(file);
  const before = settingsOf(file, text ?? '{}');
  if (!(await confirmedParts(folder, before, env)).rules) {
    throw new TaskError('NotConfirmed', `${file} has rules that nobody on this machine has confirmed.`, {
      hint: '"systemprompt agents" shows them, and how to let them count. Then remember the rule.',
      details: { unconfirmed: file },
    });
  }
  const known = new Set((before.rules ?? []).map(nameOfRule));
  const added = rules.filter((rule) => !known.has(nameOfRule(rule)) && known.add(nameOfRule(rule)));
  if (added.length === 0) return true;
  const next = added.reduce((written, rule) => appendToList(written, 'rules', rule), text ?? '{}\n');
  const after = settingsOf(file, next);
  const [were, are] = [before, after].map((settings) => digestsOf(settings).rules);
  // Both count while the file is replaced, so that no process meets rules that are not confirmed.
  await updateConfirmed(folder, (known) => [...known, ...listed(are)], env);
  const replaced = await replace(file, text, next);
  const [stay, go] = replaced ? [are, were] : [were, are];
  await updateConfirmed(folder, (known) => [...known.filter((one) => one !== go), ...listed(stay)], env);
  return replaced;
}

function listed(digest: string | undefined): string[] {
  return digest === undefined ? [] : [digest];
}

async function readText(file: string): Promise<string | undefined> {
  try {
    const found = await lstat(file);
    if (!found.isFile()) throw unreadable(file, 'it is a link or no file at all');
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function settingsOf(file: string, text: string): SettingsFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, (error as Error).message);
  }
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(file, `${issue?.path.join('.')}: ${issue?.message}`);
}

function unreadable(file: string, why: string): TaskError {
  return new TaskError('SettingsUnreadable', `No rule can be added to ${file}: ${why}.`, {
    hint: 'Put the file right first. Nothing in it was changed.',
  });
}

async function replace(file: string, before: string | undefined, text: string): Promise<boolean> {
  const staged = `${file}.${process.pid}.${randomUUID()}`;
  const mode = await lstat(file).then(
    (found) => found.mode & 0o777,
    () => 0o644,
  );
  try {
    const handle = await open(staged, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await readText(file)) !== before) return false;
    await rename(staged, file);
    return true;
  } finally {
    await rm(staged, { force: true });
  }
}
