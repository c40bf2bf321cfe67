import { sep } from 'node:path';
import type { Finding } from '../../maintenance.ts';
import { quarantine } from '../disk/quarantine.ts';
import { below } from './below.ts';
import type { MaintenanceContext } from './maintenance-context.ts';

const SHOWN = 3;

/** Links below the folder of the state: the store makes none, and follows none. */
export async function checkLinks({ fs, layout, now }: MaintenanceContext): Promise<Finding[]> {
  const links: string[] = [];
  for await (const { path, stat } of below(layout.state)) {
    if (stat.isSymbolicLink() && !path.startsWith(`${layout.quarantine}${sep}`)) links.push(path);
  }
  if (links.length === 0) return [];
  const names = links.slice(0, SHOWN).join(', ');
  const bad = links.map((file) => ({ file, reason: `${file} is a link. Links below .systemprompt are not followed.` }));
  return [
    {
      code: 'linked-file',
      what: `${links.length === 1 ? '1 link is' : `${links.length} links are`} in place of files of the store: ${names}${links.length > SHOWN ? ', …' : ''}.`,
      advice: 'Links are not followed. They are moved to quarantine, and their targets stay as they are.',
      fix: () => quarantine(fs, layout, bad, new Date(now()).toISOString()),
    },
  ];
}
