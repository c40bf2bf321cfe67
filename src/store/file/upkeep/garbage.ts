import { join } from 'node:path';
import { endedAt } from '../../../core/task/archive.ts';
import type { Garbage, GarbageKind } from '../../maintenance.ts';
import { logIdOf, namesIn } from '../logs/layout.ts';
import { removeLog } from '../logs/move.ts';
import type { MaintenanceContext } from './maintenance-context.ts';
import { sizeOf } from './store-sizes.ts';

const DAY_MS = 86_400_000;
/** Younger files may still be needed. */
const LEFTOVER_DAYS = 7;
/** Smaller logs are not worth compressing. */
const MIN_LOG = 64 * 1024;
/** The share of a log that compression saves, about. */
const COMPRESSION = 0.85;

/** Everything in a store that could be freed. */
export async function findGarbage(context: MaintenanceContext, olderThanDays: number): Promise<Garbage[]> {
  const [logs, orphans, old, leftovers] = [
    await endedLogs(context),
    await orphanLogs(context),
    await oldFiles(context, olderThanDays),
    await leftBehind(context),
  ];
  return [...logs, ...orphans, ...old, ...leftovers];
}

/** Plain logs of ended tasks, which get no more lines. */
async function endedLogs({ fs, layout, view, logs }: MaintenanceContext): Promise<Garbage[]> {
  const found: Garbage[] = [];
  for (const name of await namesIn(fs, layout.logs)) {
    const task = view.byId(logIdOf(name) ?? '');
    if (task === undefined || endedAt(task) === undefined) continue;
    const { bytes } = await sizeOf(fs, join(layout.logs, name));
    if (bytes < MIN_LOG) continue;
    found.push({
      kind: 'log',
      what: `the log of #${task.number} "${task.title}", compressed; it stays readable`,
      bytes: Math.round(bytes * COMPRESSION),
      free: () => logs.compress(task.id),
    });
  }
  return found;
}

/** Logs of tasks that are neither in memory nor in the archive. */
async function orphanLogs(context: MaintenanceContext): Promise<Garbage[]> {
  const found: Garbage[] = [];
  for (const { root, id, bytes, ageMs } of await orphans(context)) {
    if (ageMs < DAY_MS) continue;
    found.push({
      kind: 'orphan-log',
      what: `the log of ${id}, a deleted task`,
      bytes,
      free: async () => {
        await removeLog(context.fs, root, id);
        return bytes;
      },
    });
  }
  return found;
}

export interface OrphanLog {
  readonly root: string;
  readonly id: string;
  readonly bytes: number;
  readonly ageMs: number;
}

export async function orphans({ fs, layout, view, archive, now }: MaintenanceContext): Promise<OrphanLog[]> {
  const archived = new Set((await archive.names()).map(({ id }) => id));
  const found: OrphanLog[] = [];
  for (const root of [layout.logs, layout.archivedLogs]) {
    const ids = new Set((await namesIn(fs, root)).map((name) => logIdOf(name) ?? name));
    for (const id of ids) {
      const known = root === layout.logs ? view.byId(id) !== undefined : false;
      if (known || archived.has(id) || (root === layout.archivedLogs && view.byId(id) !== undefined)) continue;
      const paths = [join(root, `${id}.jsonl`), join(root, id)];
      const sizes = await Promise.all(paths.map((path) => sizeOf(fs, path)));
      const ages = await Promise.all(paths.map((path) => ageOf(fs, path, now())));
      found.push({ root, id, bytes: sizes.reduce((sum, size) => sum + size.bytes, 0), ageMs: Math.min(...ages) });
    }
  }
  return found;
}

/** Files in quarantine, and backups of imports. */
async function oldFiles({ fs, layout, now }: MaintenanceContext, olderThanDays: number): Promise<Garbage[]> {
  const quarantined = (await namesIn(fs, layout.quarantine)).map((name) => join(layout.quarantine, name));
  const backups = (await namesIn(fs, layout.state))
    .filter((name) => name.startsWith('backup-'))
    .map((name) => join(layout.state, name));
  const found: Garbage[] = [];
  for (const [kind, paths] of [['quarantine', quarantined] as const, ['backup', backups] as const]) {
    for (const path of paths) {
      if ((await ageOf(fs, path, now())) >= olderThanDays * DAY_MS) found.push(await removable(fs, kind, path));
    }
  }
  return found;
}

/** Leftovers of crashes whose work was repeated since. */
async function leftBehind({ fs, layout, archive, now }: MaintenanceContext): Promise<Garbage[]> {
  const segments = new Set((await namesIn(fs, layout.journal)).map((name) => Number.parseInt(name, 10)));
  const staged = (await namesIn(fs, layout.staging))
    .filter((name) => name.endsWith('.gone') || !segments.has(Number.parseInt(name, 10)))
    .map((name) => join(layout.staging, name));
  const archived = (await archive.staged()).map(({ path }) => path);
  const found: Garbage[] = [];
  for (const path of [...staged, ...archived]) {
    if ((await ageOf(fs, path, now())) >= LEFTOVER_DAYS * DAY_MS) found.push(await removable(fs, 'leftover', path));
  }
  return found;
}

async function removable(fs: MaintenanceContext['fs'], kind: GarbageKind, path: string): Promise<Garbage> {
  const { bytes } = await sizeOf(fs, path);
  return {
    kind,
    what: path,
    bytes,
    free: async () => {
      await fs.rm(path, { recursive: true, force: true });
      return bytes;
    },
  };
}

/** Milliseconds since a file was written or moved; infinite for a missing one. */
async function ageOf(fs: MaintenanceContext['fs'], path: string, now: number): Promise<number> {
  try {
    const { mtimeMs, ctimeMs } = await fs.lstat(path);
    return now - Math.max(mtimeMs, ctimeMs);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
