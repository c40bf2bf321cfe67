import type { Disposable } from '../../core/disposable.ts';
import { Emitter } from '../../core/emitter.ts';
import type { Coordination } from '../../store/ports.ts';

/** Whether the queue plays: while it does, workers also start tasks that no person started. */
export interface QueueState {
  readonly playing: boolean;
  /** The last time of playing or pausing (ISO 8601 UTC), and the person. */
  readonly since?: string | undefined;
  readonly by?: string | undefined;
}

const KEY = 'queue';
const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/;
const MAX_NAME = 500;

/** Paused if it was never played, and if its file is invalid. */
export async function readQueue(coordination: Coordination): Promise<QueueState> {
  try {
    const text = await coordination.read('queue', KEY);
    return stateOf(JSON.parse(text ?? '')) ?? { playing: false };
  } catch {
    return { playing: false };
  }
}

/** Without a schema, because each command reads the queue. @returns undefined for a value of another shape */
function stateOf(value: unknown): QueueState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { playing, since, by } = value as Readonly<Record<string, unknown>>;
  const isSince =
    since === undefined || (typeof since === 'string' && UTC.test(since) && !Number.isNaN(Date.parse(since)));
  const isBy = by === undefined || (typeof by === 'string' && by.length <= MAX_NAME);
  return typeof playing === 'boolean' && isSince && isBy ? ({ playing, since, by } as QueueState) : undefined;
}

/** Durable when it resolves. The last writer wins. */
export async function writeQueue(coordination: Coordination, state: QueueState): Promise<void> {
  await coordination.write('queue', KEY, `${JSON.stringify(state)}\n`);
}

/** The state of the queue, kept up to date while other processes change it. */
export class QueueWatch implements Disposable {
  private readonly coordination: Coordination;
  private readonly events = new Emitter<{ changed: QueueState }>();
  private readonly watcher: Disposable;
  private state: QueueState = { playing: false };

  constructor(coordination: Coordination) {
    this.coordination = coordination;
    this.watcher = coordination.watch('queue', () => void this.refresh());
  }

  /** The last known state; call `refresh` first for the current one. */
  get current(): QueueState {
    return this.state;
  }

  async refresh(): Promise<QueueState> {
    const before = this.state;
    this.state = await readQueue(this.coordination);
    if (before.playing !== this.state.playing || before.since !== this.state.since) {
      this.events.emit('changed', this.state);
    }
    return this.state;
  }

  onChange(listener: (state: QueueState) => void): Disposable {
    return this.events.on('changed', listener);
  }

  dispose(): void {
    this.watcher.dispose();
  }
}
