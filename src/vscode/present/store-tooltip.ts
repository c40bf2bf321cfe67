import type { z } from 'zod';
import { humanBytes } from '../../core/text/bytes.ts';
import type { status } from '../../operations/store/status.ts';
import type { StoreArea } from '../../store/maintenance.ts';
import { l10n } from './l10n.ts';
import { plainMarkdown } from './markdown.ts';
import { areaWord } from './words.ts';

type Status = z.output<typeof status.output>;

/** The tooltip of a row for many tasks: the size of the folder's tasks on disk and in memory, as Markdown. */
export function storeTooltip({ folder, total, archived, storage, memory }: Status): string {
  const lines = [
    total === 1 ? l10n.t('1 task') : l10n.t('{0} tasks', total.toLocaleString()),
    ...(archived === 0 ? [] : [l10n.t('{0} more in the archive', archived.toLocaleString())]),
    ...(storage === null ? [] : [diskLine(storage)]),
    l10n.t(
      'In memory: about {0} for tasks, {1} in total',
      humanBytes(memory.tasks_bytes),
      humanBytes(memory.heap_bytes),
    ),
  ];
  return [plainMarkdown(folder), lines.map(plainMarkdown).join('  \n')].join('\n\n');
}

function diskLine({ bytes, areas, estimated }: NonNullable<Status['storage']>): string {
  const parts = Object.entries(areas)
    .filter(([, area]) => area.bytes > 0)
    .map(([name, area]) => `${areaWord(name as StoreArea)} ${humanBytes(area.bytes)}`);
  const size = estimated ? l10n.t('about {0}', humanBytes(bytes)) : humanBytes(bytes);
  const line = l10n.t('On disk: {0}', size);
  return parts.length === 0 ? line : `${line} (${parts.join(', ')})`;
}
