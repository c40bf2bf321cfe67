import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { link, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { hmacSha256 } from '../../core/text/sha256.ts';
import type { StoreView } from '../../store/journal/view.ts';
import { machineFolder } from '../../store/machine-folder.ts';
import { makeFolders } from '../../store/make-folders.ts';
import type { Coordination } from '../../store/ports.ts';
import type { TaskStore } from '../../store/task-store.ts';
import { readQueue } from '../queue/queue-state.ts';

const SECRET_BYTES = 32;
/** Statuses of tasks that may be queued or running. */
const open = ['pending', 'in_progress', 'paused', 'completed_active'] as const;

/** Imported tasks that would run automatically. */
export interface ImportedTasks {
  readonly playing: boolean;
  /** Number of tasks that would start or resume. */
  readonly tasks: number;
}

/**
 * Whether the tasks of a folder may run on this machine. A folder that was copied, cloned or unpacked can contain
 * queued tasks and a playing queue, which run only after a person on this machine confirms them. The confirmation marks
 * the folder, as does opening it without queued tasks. Only this machine can create the marker, and it applies to no
 * other folder.
 */
export class Home {
  private readonly store: TaskStore;
  /** Imported queued tasks, until they are confirmed. */
  private imported: ImportedTasks | undefined;
  private marked: boolean;

  private constructor(store: TaskStore, marked: boolean, imported?: ImportedTasks) {
    this.store = store;
    this.marked = marked;
    this.imported = imported;
  }

  /** `mayWrite` is false in a restricted folder, where no marker is written. */
  static async of(store: TaskStore, mayWrite: boolean): Promise<Home> {
    // A person chose it by its address, which is a decision about its tasks, too.
    if (store.coordination.isShared) return new Home(store, true);
    // Without its key, changes to the folder since it was marked cannot be detected.
    const lost = store.origin === 'lost';
    if (!lost && (await isKnown(store.coordination))) {
      if (mayWrite) await signOnce(store);
      return new Home(store, true);
    }
    const { playing } = await readQueue(store.coordination);
    const imported = { playing, tasks: queuedTasks(store.view, playing) };
    if (playing || imported.tasks > 0) {
      // To look for a mark may create the secret of the person.
      const marked = !lost && mayWrite && (await isMarked(store.coordination));
      return marked ? new Home(store, true) : new Home(store, false, imported);
    }
    const home = new Home(store, false);
    if (mayWrite && store.readOnly === undefined) await home.settle();
    return home;
  }

  /** Imported queued tasks; undefined without any or after their confirmation. */
  get importedTasks(): ImportedTasks | undefined {
    return this.imported;
  }

  /** Reads a confirmation that another process wrote. */
  async recheck(): Promise<void> {
    const confirmed = this.store.origin !== 'lost' && (await isKnown(this.store.coordination));
    if (this.imported === undefined || !confirmed) return;
    this.marked = true;
    this.imported = undefined;
  }

  /** Allows the queued tasks of the folder on this machine. */
  async confirm(): Promise<void> {
    await signOnce(this.store);
    await markHome(this.store.coordination);
    this.marked = true;
    this.imported = undefined;
  }

  /** @throws TaskError `NotConfirmed` while imported tasks are unconfirmed */
  async require(): Promise<void> {
    if (this.marked) return;
    if (this.imported === undefined) return this.settle();
    if (await this.isConfirmed()) return this.confirm();
    const { tasks, playing } = this.imported;
    const what = playing ? 'The queue was started' : tasks === 1 ? 'A task was queued' : `${tasks} tasks were queued`;
    throw new TaskError('NotConfirmed', `${what} on another machine.`, {
      next: [
        operationStep('Show the queue', 'queue.status'),
        operationStep('Review and confirm the queued tasks', 'task.confirm'),
      ],
      details: { queued_tasks: tasks },
    });
  }

  /** A store is created and marked before its first task, so that a process that sees the task also sees the marker. */
  async made(): Promise<void> {
    if (this.imported !== undefined) return;
    try {
      await markHome(this.store.coordination);
      this.marked = true;
    } catch {
      // Without the mark a person is asked.
    }
  }

  /** A marker from before the loss of the key confirms nothing. */
  private async isConfirmed(): Promise<boolean> {
    return this.store.origin !== 'lost' && (await isMarked(this.store.coordination));
  }

  /** Reading a folder must not write to it: a folder without tasks is marked when its store is created. */
  private async settle(): Promise<void> {
    if (await this.store.coordination.exists()) await this.confirm();
  }
}

/** Signs a store of an earlier version, or one whose key is lost, so that foreign content in it shows from now on. */
async function signOnce(store: TaskStore): Promise<void> {
  if (store.origin === 'signed' || !(await store.coordination.exists())) return;
  // An unsigned folder runs no additional tasks.
  await store.vouch().catch(() => {});
}

/** Number of tasks that would start or resume automatically; `playing` is the state of the queue. */
function queuedTasks(view: StoreView, playing: boolean): number {
  let count = 0;
  for (const status of open) {
    for (const task of view.byStatus(status)) if (isSetToRun(task, playing)) count += 1;
  }
  return count;
}

/** True for a task that would start or resume automatically; `playing` is the state of the queue. */
export function isSetToRun(task: TaskRecord, playing: boolean): boolean {
  if (task.kind !== 'work' || task.from_outside === true || !open.some((status) => status === task.status))
    return false;
  return task.queued_at !== undefined || task.lease !== undefined || (playing && task.status === 'pending');
}

/** Read-only: does not change a folder without tasks or the user's own. */
async function isKnown(coordination: Coordination): Promise<boolean> {
  const secret = readSecret(secretFile());
  return secret !== undefined && hasMark(coordination, markWith(secret, coordination));
}

/** Also where the person's own folder cannot be written: there is no mark to be had. */
async function isMarked(coordination: Coordination): Promise<boolean> {
  const mark = await markOf(coordination);
  return mark === undefined || (await hasMark(coordination, mark));
}

/** Marks a new folder, which has no imported tasks. */
export async function markHome(coordination: Coordination): Promise<void> {
  const mark = await markOf(coordination);
  if (mark !== undefined) await coordination.write('homes', mark, '');
}

async function hasMark(coordination: Coordination, mark: string): Promise<boolean> {
  return (await coordination.read('homes', mark)) !== undefined;
}

async function markOf(coordination: Coordination): Promise<string | undefined> {
  const secret = await secretOfPerson();
  return secret === undefined ? undefined : markWith(secret, coordination);
}

function markWith(secret: Buffer, { folder }: Coordination): string {
  return Buffer.from(hmacSha256(secret, Buffer.from(realpathSync.native(folder)))).toString('hex');
}

function secretFile(): string {
  return join(machineFolder(process.env), 'secret');
}

/** The secret of the user on this machine, created if missing; undefined if it cannot be stored. */
async function secretOfPerson(): Promise<Buffer | undefined> {
  const file = secretFile();
  const known = readSecret(file);
  if (known !== undefined) return known;
  const staged = `${file}.${randomUUID()}`;
  try {
    await makeFolders(dirname(file));
    await writeFile(staged, randomBytes(SECRET_BYTES), { mode: 0o600 });
    // Two concurrent processes end up with the same one.
    await link(staged, file);
  } catch {
    // Another process created it, or it cannot be created: the read shows which.
  } finally {
    await rm(staged, { force: true }).catch(() => {});
  }
  return readSecret(file);
}

function readSecret(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    return bytes.length === SECRET_BYTES ? bytes : undefined;
  } catch {
    return undefined;
  }
}
