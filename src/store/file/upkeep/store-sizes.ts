import { join } from 'node:path';
import { type AreaSize, type StoreArea, type StoreSizes, storeAreas } from '../../maintenance.ts';
import { type FileSystem, isMissing } from '../disk/file-system.ts';
import type { Layout } from '../disk/layout.ts';

const PARALLEL = 32;
/** Number of files to measure in a folder with more files. */
const SAMPLE = 2_000;

const areaOf: Readonly<Record<string, StoreArea>> = {
  journal: 'journal',
  tasks: 'tasks',
  logs: 'logs',
  archive: 'archive',
  quarantine: 'quarantine',
};

/** The disk use of each part of a store. Reads no file. */
export async function storeSizes(fs: FileSystem, layout: Layout): Promise<StoreSizes> {
  const areas = Object.fromEntries(storeAreas.map((area) => [area, { files: 0, bytes: 0 }])) as Record<
    StoreArea,
    { files: number; bytes: number }
  >;
  let estimated = false;
  for (const name of await entries(fs, layout.state)) {
    const area = areaOf[name] ?? (/backup/.test(name) ? 'backups' : 'other');
    const size = await sizeOf(fs, join(layout.state, name));
    areas[area].files += size.files;
    areas[area].bytes += size.bytes;
    estimated ||= size.estimated;
  }
  return { areas, estimated };
}

/** Size of a file, or of all that is in a folder. */
export async function sizeOf(fs: FileSystem, path: string): Promise<AreaSize & { estimated: boolean }> {
  const stat = await fs.lstat(path).catch(() => undefined);
  if (stat === undefined) return { files: 0, bytes: 0, estimated: false };
  if (!stat.isDirectory()) return { files: 1, bytes: stat.size, estimated: false };
  const names = await entries(fs, path);
  const step = Math.max(1, names.length / SAMPLE);
  const sample = Array.from({ length: Math.min(names.length, SAMPLE) }, (_, i) => names[Math.floor(i * step)] ?? '');
  let files = 0;
  let bytes = 0;
  let estimated = step > 1;
  const queue = sample.values();
  const work = async (): Promise<void> => {
    for (const name of queue) {
      const size = await sizeOf(fs, join(path, name));
      files += size.files;
      bytes += size.bytes;
      estimated ||= size.estimated;
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, sample.length) }, work));
  return { files: Math.round(files * step), bytes: Math.round(bytes * step), estimated };
}

async function entries(fs: FileSystem, folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
