import { humanBytes } from '../../core/text/bytes.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { operationCommand } from '../command.ts';
import { stoppedLine } from '../steps.ts';

export const command = operationCommand('gc', {
  details: `Compresses logs of ended tasks; they stay readable. Removes quarantined files, backups, logs of deleted tasks and
leftovers of crashes. Existing tasks lose no data.`,
  examples: [
    { words: 'gc', description: 'list deletable files' },
    { words: 'gc --yes', description: 'delete them' },
    {
      words: 'gc --older-than-days 30 --dry-run',
      description: 'include quarantined files and backups older than 30 days',
    },
  ],
  json: '`{ items, bytes, freed, stopped }`, each item with kind, what and bytes',
  view: ({ items, bytes, freed, stopped }, { out: { style } }) => {
    if (items.length === 0 && stopped === null) return 'Nothing to delete.';
    const lines = items.map(({ what, bytes: size, problem }) => {
      const text = `${humanBytes(size).padStart(9)}  ${sanitizeLine(what)}`;
      return problem === undefined ? text : `${text} ${style('red', `not freed: ${sanitizeLine(problem)}`)}`;
    });
    const end = freed ? `Freed ${humanBytes(bytes)}.` : `${humanBytes(bytes)} could be freed: systemprompt gc --yes`;
    return [...lines, stoppedLine(freed ? 'Freed' : 'Listed', { stopped }) ?? end].join('\n');
  },
});
