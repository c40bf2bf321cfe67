import * as vscode from 'vscode';
import { loadSettings } from '../../runtime/settings/settings.ts';
import { storeAddress } from '../../runtime/settings/store-address.ts';
import { passwordKey } from '../../runtime/settings/store-password.ts';
import { StorePasswords } from '../folders/store-passwords.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { l10n } from '../present/l10n.ts';
import type { CommandContext, Handler } from './context.ts';

/** Asks for the password of the database of a folder, and opens the folder with it. */
export const setStorePassword: Handler = (context) =>
  change(context, async (key) => {
    const title = l10n.t('Set Store Password');
    const prompt = l10n.t('Password for {0}. The editor keeps it in its secret storage.', key);
    return await vscode.window.showInputBox({ title, prompt, password: true, ignoreFocusOut: true });
  });

export const clearStorePassword: Handler = (context) => change(context, async () => '');

/** @param ask returns the password, empty for none; undefined to change nothing */
async function change(
  { folders, secrets }: CommandContext,
  ask: (key: string) => Promise<string | undefined>,
): Promise<void> {
  const databases = new Map<string, TaskFolder[]>();
  for (const folder of folders.all) {
    const address = storeAddress(undefined, (await loadSettings(folder.path)).store);
    if (address !== undefined) databases.set(address, [...(databases.get(address) ?? []), folder]);
  }
  if (databases.size === 0) {
    await vscode.window.showInformationMessage(
      l10n.t('The tasks of this window are in files, which need no password.'),
    );
    return;
  }
  for (const [address, users] of databases) {
    const key = passwordKey(address);
    if (key === undefined) {
      await vscode.window.showInformationMessage(
        l10n.t('The address of the store in SYSTEMPROMPT_STORE has a password.'),
      );
      continue;
    }
    const password = await ask(key);
    if (password === undefined) continue;
    await new StorePasswords(secrets).set(address, password === '' ? undefined : password);
    // A wrong password becomes the failure that the view shows.
    for (const folder of users) await folder.reopen();
  }
}
