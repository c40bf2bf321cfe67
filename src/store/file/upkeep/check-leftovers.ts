import { dirname, join } from 'node:path';
import type { Finding } from '../../maintenance.ts';
import { copiesFolder, placeOfCopy } from '../copy/copy-place.ts';
import { removeIfThere } from '../disk/file-system.ts';
import { keyPlace } from '../disk/key-place.ts';
import { namesIn } from '../logs/layout.ts';
import type { MaintenanceContext } from './maintenance-context.ts';

/** The ends of names under which files are written before a rename puts them in their place. */
const STAGED = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|\.[0-9a-f]{8}\.new$/;
/** The folder of settings is for sharing, and may have any other file of the person. */
const STAGED_SETTINGS = /^config\.json\.\d+\.[0-9a-f-]{36}$/;
/** A younger file may still be renamed by a process that is suspended or slow. */
const OLD_MS = 60 * 60_000;
const SHOWN = 3;

/** Temporary files that a process left when it was killed between writing and renaming them. No reader uses them. */
export async function checkLeftovers(context: MaintenanceContext): Promise<Finding[]> {
  const { fs, now } = context;
  const left: { file: string; bytes: number }[] = [];
  for (const file of await stagedFiles(context)) {
    const look = await fs.lstat(file).catch(() => undefined);
    if (look?.isFile() !== true || now() - look.mtimeMs < OLD_MS) continue;
    left.push({ file, bytes: look.size });
  }
  if (left.length === 0) return [];
  const names = left.slice(0, SHOWN).map(({ file }) => file);
  const kilobytes = Math.ceil(left.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000);
  const count = left.length === 1 ? '1 temporary file was' : `${left.length} temporary files were`;
  return [
    {
      code: 'leftover-files',
      what: `${count} left by a crash (${kilobytes} kB): ${names.join(', ')}${left.length > SHOWN ? ', …' : ''}.`,
      advice: 'Nothing reads them. They are deleted.',
      fix: async () => {
        for (const { file } of left) await removeIfThere(fs, file);
      },
    },
  ];
}

async function stagedFiles({ fs, layout }: MaintenanceContext): Promise<string[]> {
  const inside = async (folder: string, pattern: RegExp): Promise<string[]> =>
    (await namesIn(fs, folder)).filter((name) => pattern.test(name)).map((name) => join(folder, name));
  const copy = await placeOfCopy(fs, layout, copiesFolder());
  const folders = new Set([
    layout.state,
    dirname(await keyPlace(fs, layout)),
    ...(copy === undefined ? [] : [dirname(copy.file)]),
  ]);
  for (const name of ['tasks', 'workers', 'homes', 'archive']) folders.add(join(layout.state, name));
  for (const root of [layout.logs, layout.archivedLogs]) {
    for (const name of await namesIn(fs, root)) if (!name.includes('.')) folders.add(join(root, name));
  }
  const found = [await inside(layout.root, STAGED_SETTINGS)];
  for (const folder of folders) found.push(await inside(folder, STAGED));
  return found.flat();
}
