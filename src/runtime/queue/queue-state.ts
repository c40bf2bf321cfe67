import { z } from 'zod';
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

const queueSchema = z.looseObject({
  playing: z.boolean(),
  since: z.iso.datetime().optional(),
  by: z.string().max(500).optional(),
});

const KEY = 'queue';

/** Paused if it was never played, and if its file is invalid. */
export async function readQueue(coordination: Coordination): Promise<QueueState> {
  try {
    const text = await coordination.read('queue', KEY);
    const value: unknown = JSON.parse(text ?? '');
    const { playing, since, by } = queueSchema.parse(value);
    return { playing, since, by };
  } catch {
    return { playing: false };
  }
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
