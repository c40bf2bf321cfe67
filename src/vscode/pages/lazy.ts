import type * as vscode from 'vscode';

/** A part of the extension whose code loads on first use. A failed load is repeated by the next caller. */
export class Lazy<T extends vscode.Disposable> implements vscode.Disposable {
  private readonly load: () => Promise<T>;
  private loading: Promise<T> | undefined;
  private disposed = false;

  constructor(load: () => Promise<T>) {
    this.load = load;
  }

  /** @throws Error after `dispose`, because the part would never be disposed */
  async get(): Promise<T> {
    if (this.disposed) throw new Error('The extension is closing.');
    this.loading ??= this.load();
    try {
      return await this.loading;
    } catch (error) {
      this.loading = undefined;
      throw error;
    }
  }

  dispose(): void {
    this.disposed = true;
    this.loading?.then((part) => part.dispose()).catch(() => {});
  }
}
