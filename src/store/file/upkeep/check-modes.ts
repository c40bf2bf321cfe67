import { chmod } from 'node:fs/promises';
import type { Finding } from '../../maintenance.ts';
import { isMissing } from '../disk/file-system.ts';
import { below } from './below.ts';
import type { MaintenanceContext } from './maintenance-context.ts';

const OTHERS = 0o077;

/**
 * Files and folders that other users of this machine can read or write: earlier versions created them with the umask.
 */
export async function checkModes({ layout }: Pick<MaintenanceContext, 'layout'>): Promise<Finding[]> {
  if (process.platform === 'win32') return [];
  const open = await openToOthers(layout.state);
  if (open.length === 0) return [];
  return [
    {
      code: 'readable-by-others',
      what: `Other users of this machine can read ${open.length} ${open.length === 1 ? 'file or folder' : 'files and folders'} below ${layout.state}: instructions, outputs and approvals.`,
      advice: 'Take their rights away; yours stay as they are.',
      fix: async () => {
        for (const { path, mode } of open) {
          await chmod(path, mode & 0o7700).catch((error) => {
            if (!isMissing(error)) throw error;
          });
        }
      },
    },
  ];
}

/** Links are left alone: a change of their mode would reach where they lead. */
async function openToOthers(top: string): Promise<{ path: string; mode: number }[]> {
  const found: { path: string; mode: number }[] = [];
  for await (const { path, stat } of below(top)) {
    if (!stat.isSymbolicLink() && (stat.mode & OTHERS) !== 0) found.push({ path, mode: stat.mode });
  }
  return found;
}
