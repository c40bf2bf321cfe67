/** A thing that must be released; the core's own shape, structurally the same as the editor's. */
export interface Disposable {
  dispose(): void;
}

/** Disposes its members in reverse order. Late arrivals are disposed immediately, so that an asynchronous set-up that
 * finishes after the end cannot leak. One that fails keeps none back; the first failure is thrown in the end.
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
    const failures: unknown[] = [];
    for (const item of this.items.splice(0).reverse()) {
      try {
        item.dispose();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
