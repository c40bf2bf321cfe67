import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Disposable } from '../../core/disposable.ts';
import { Emitter } from '../../core/emitter.ts';
import { makeFolder } from '../../store/file/file-system.ts';
import { FolderWatcher } from '../../store/file/journal/watcher.ts';

/** Whether tasks run that nobody has started: while the queue plays, all that can. */
export interface QueueState {
  readonly playing: boolean;
  /** When it was played or paused last, ISO 8601 UTC, and by whom. */
  readonly since?: string | undefined;
  readonly by?: string | undefined;
}

const queueFileSchema = z.looseObject({
  playing: z.boolean(),
  since: z.iso.datetime().optional(),
  by: z.string().max(500).optional(),
});

const NAME = 'queue.json';
const MAX_BYTES = 10_000;

function folderOf(workspace: string): string {
  return join(workspace, '.systemprompt', 'state');
}

/** Paused where nobody has said anything, and where what is said cannot be understood. */
export async function readQueue(workspace: string): Promise<QueueState> {
  try {
    const text = await readFile(join(folderOf(workspace), NAME), 'utf8');
    if (text.length > MAX_BYTES) return { playing: false };
    const { playing, since, by } = queueFileSchema.parse(JSON.parse(text));
    return { playing, since, by };
  } catch {
    return { playing: false };
  }
}

/** Kept when this resolves. The last one who says something is right. */
export async function writeQueue(workspace: string, state: QueueState): Promise<void> {
  const folder = folderOf(workspace);
  await makeFolder({ mkdir }, workspace, folder);
  const staged = join(folder, `${NAME}.${randomUUID().slice(0, 8)}`);
  try {
    const handle = await open(staged, 'wx');
    try {
      await handle.writeFile(`${JSON.stringify(state)}\n`);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(staged, join(folder, NAME));
  } finally {
    await rm(staged, { force: true });
  }
}

/** The state of the queue, followed while others change it. */
export class QueueWatch implements Disposable {
  private readonly workspace: string;
  private readonly events = new Emitter<{ changed: QueueState }>();
  private readonly watcher: FolderWatcher;
  private state: QueueState = { playing: false };

  constructor(workspace: string) {
    this.workspace = workspace;
    this.watcher = new FolderWatcher(folderOf(workspace), (name) => {
      if (name === undefined || name === NAME) void this.refresh();
    });
  }

  /** What is known; `refresh` first to know it for sure. */
  get current(): QueueState {
    return this.state;
  }

  async refresh(): Promise<QueueState> {
    const before = this.state;
    this.state = await readQueue(this.workspace);
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
