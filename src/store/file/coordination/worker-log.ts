import { constants, existsSync, lstatSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { TaskError } from '../../../core/errors.ts';
import { textStep } from '../../../core/next-step.ts';
import type { WorkerLog } from '../../ports.ts';
import { gone } from '../../storage-errors.ts';
import type { Layout } from '../disk/layout.ts';

const MAX_BYTES = 1_000_000;
const { O_APPEND, O_CREAT, O_WRONLY } = constants;
// A link could lead to any file of the person.
const CAREFULLY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** `worker.log`, and the one before it. */
export class FileWorkerLog implements WorkerLog {
  readonly name: string;
  private readonly folder: string;
  private readonly layout: Layout;

  constructor(folder: string, layout: Layout) {
    this.folder = folder;
    this.layout = layout;
    this.name = join(layout.state, 'worker.log');
  }

  open(): number {
    const { folder, layout, name } = this;
    if (!existsSync(folder)) throw gone(folder);
    for (const path of [layout.root, layout.state]) {
      makeOne(path);
      if (!lstatSync(path).isDirectory()) throw leadsAway(path);
    }
    const found = lstatSync(name, { throwIfNoEntry: false });
    if (found !== undefined && !found.isFile()) throw leadsAway(name);
    if ((found?.size ?? 0) > MAX_BYTES) renameSync(name, `${name}.1`);
    return openSync(name, O_WRONLY | O_APPEND | O_CREAT | CAREFULLY, 0o600);
  }
}

/** The recursive form of `mkdirSync` never ends where the system answers ENOENT for a folder whose parent exists. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function leadsAway(path: string): TaskError {
  return new TaskError('StoreNotWritable', `${path} is a link or not a regular file; it is not used.`, {
    next: [textStep('Remove it and try again.')],
  });
}
