import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Environment, machineFolder } from '../../store/machine-folder.ts';
import { makeFolders } from '../../store/make-folders.ts';
import type { SettingsReading } from './read-settings.ts';
import type { SettingsFile } from './settings-schema.ts';

/** Settings of an editor that workers and the command line follow, too. */
export interface EditorSettings {
  readonly agents?: Readonly<Record<string, unknown>> | undefined;
  readonly policy?: SettingsFile['policy'];
  readonly worker?: Pick<NonNullable<SettingsFile['worker']>, 'maxParallel' | 'maxPerAgent' | 'sessionIdleMinutes'>;
  readonly worktrees?: Pick<NonNullable<SettingsFile['worktrees']>, 'place'>;
}

/** The copy of the editor's settings. Workers outlive the window and cannot ask it. */
export function editorSettingsFile(env: Environment = process.env): string {
  return join(machineFolder(env), 'editor.json');
}

/** The settings of the machine: those of its file, and above them those of the editor, key by key. */
export function withEditorSettings(own: SettingsReading, editor: SettingsReading): SettingsReading {
  const { agents, policy, worker, worktrees } = editor.settings;
  const settings: SettingsFile = { ...own.settings };
  if (agents !== undefined) settings.agents = { ...settings.agents, ...agents };
  if (policy !== undefined) settings.policy = policy;
  // Other keys of the copy have no setting in the editor.
  const { maxParallel, maxPerAgent, sessionIdleMinutes } = worker ?? {};
  const limits = defined({ maxParallel, maxPerAgent, sessionIdleMinutes });
  if (Object.keys(limits).length > 0) settings.worker = { ...settings.worker, ...limits };
  if (worktrees?.place !== undefined) settings.worktrees = { ...settings.worktrees, place: worktrees.place };
  return { settings, problems: [...own.problems, ...editor.problems], unread: own.unread };
}

/**
 * Replaces the copy, or removes it if nothing is set.
 *
 * @param editor name of the editor; one without settings leaves the copy of another editor alone
 * @returns whether the copy changed
 */
export async function writeEditorSettings(
  settings: EditorSettings,
  editor: string,
  env: Environment = process.env,
): Promise<boolean> {
  const file = editorSettingsFile(env);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (Object.keys(settings).length === 0) {
    if (before === undefined || writerOf(before) !== editor) return false;
    await rm(file, { force: true });
    return true;
  }
  const text = `${JSON.stringify({ $comment: 'A copy of the settings of this editor. Change them there.', $editor: editor, ...settings }, null, 2)}\n`;
  if (text === before) return false;
  await makeFolders(dirname(file));
  const fresh = `${file}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx' });
  await rename(fresh, file);
  return true;
}

function writerOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { $editor?: unknown } | null)?.$editor;
  } catch {
    return undefined;
  }
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<T>;
}
