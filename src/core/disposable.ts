/** A thing that must be released; the core's own shape, structurally the same as the editor's. */
export interface Disposable {
  dispose(): void;
}

/**
 * Releases what it was given in reverse order. Late arrivals are disposed at once, so that an asynchronous set-up that
 * finishes after the end cannot leak.
 */
export class DisposableStack implements Disposable {
  private readonly items: Disposable[] = [];
  private disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.items.push(item);
    return item;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const item of this.items.splice(0).reverse()) item.dispose();
  }
}
