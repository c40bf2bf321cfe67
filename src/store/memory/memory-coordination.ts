import type { Disposable } from '../../core/disposable.ts';
import { Emitter } from '../../core/emitter.ts';
import { Serial } from '../../core/serial.ts';
import type { Coordination, SharedEntry, SharedKind, SharedText, WorkerLog } from '../ports.ts';

/** Coordination of the parts of one process. */
export class MemoryCoordination implements Coordination {
  readonly folder: string;
  readonly isShared = false;
  readonly place = 'memory';
  readonly confirmations: SharedText = new MemoryText('confirmations in memory');
  readonly settings: SharedText = new MemoryText('settings in memory');
  private readonly texts = new Map<string, string>();
  private readonly written = new Map<string, number>();
  private readonly events = new Emitter<{ changed: SharedKind }>();

  constructor(folder: string) {
    this.folder = folder;
  }

  readonly workerLog: WorkerLog = {
    name: 'memory',
    open: () => {
      throw new Error('A store in memory cannot be worked on by another process.');
    },
  };

  async exists(): Promise<boolean> {
    return true;
  }

  async read(kind: SharedKind, key: string): Promise<string | undefined> {
    return this.texts.get(`${kind}/${key}`);
  }

  async write(kind: SharedKind, key: string, text: string): Promise<void> {
    this.texts.set(`${kind}/${key}`, text);
    this.written.set(`${kind}/${key}`, performance.now());
    this.events.emit('changed', kind);
  }

  async remove(kind: SharedKind, keys: readonly string[]): Promise<void> {
    const removed = keys.filter((key) => this.texts.delete(`${kind}/${key}`));
    if (removed.length > 0) this.events.emit('changed', kind);
  }

  async entries(kind: SharedKind): Promise<SharedEntry[]> {
    const now = performance.now();
    return [...this.texts]
      .filter(([name]) => name.startsWith(`${kind}/`))
      .map(([name, text]) => ({
        key: name.slice(kind.length + 1),
        text,
        age: now - (this.written.get(name) ?? now),
      }));
  }

  watch(kind: SharedKind, changed: () => void): Disposable {
    return this.events.on('changed', (which) => {
      if (which === kind) changed();
    });
  }
}

class MemoryText implements SharedText {
  readonly name: string;
  private readonly turns = new Serial();
  private text: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  async read(): Promise<string | undefined> {
    return this.text;
  }

  async replace(before: string | undefined, text: string): Promise<boolean> {
    if (this.text !== before) return false;
    this.text = text;
    return true;
  }

  exclusively<T>(_owner: unknown, action: () => Promise<T>): Promise<T> {
    return this.turns.run(action);
  }
}
