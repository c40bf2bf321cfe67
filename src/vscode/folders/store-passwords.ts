import type * as vscode from 'vscode';
import { passwordKey } from '../../runtime/settings/store-password.ts';

/** The passwords of databases in the editor's own safe place, by server, database and user. */
export class StorePasswords {
  private readonly secrets: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>;

  constructor(secrets: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>) {
    this.secrets = secrets;
  }

  async get(address: string): Promise<string | undefined> {
    const key = keyOf(address);
    return key === undefined ? undefined : await this.secrets.get(key);
  }

  /** @param password undefined to forget it; @returns false for an address that has its own password */
  async set(address: string, password: string | undefined): Promise<boolean> {
    const key = keyOf(address);
    if (key === undefined) return false;
    await (password === undefined ? this.secrets.delete(key) : this.secrets.store(key, password));
    return true;
  }
}

function keyOf(address: string): string | undefined {
  const key = passwordKey(address);
  return key === undefined ? undefined : `store-password ${key}`;
}
