import { humanBytes } from '../../core/text/bytes.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { operationCommand } from '../command.ts';

export const command = operationCommand('gc', {
  details: `Logs of ended tasks are compressed and stay readable. Files in quarantine, backups, logs of tasks that are not there any
more and what crashes left behind are removed. Nothing of a task that is there is lost.`,
  examples: [
    { words: 'gc', says: 'what could be freed' },
    { words: 'gc --yes', says: 'free it' },
    { words: 'gc --older-than-days 30 --dry-run', says: 'with quarantine and backups of more than 30 days' },
  ],
  json: '`{ items, bytes, freed }`, each item with kind, what and bytes',
  view: ({ items, bytes, freed }, { out: { style } }) => {
    if (items.length === 0) return 'There is nothing to free.';
    const lines = items.map(({ what, bytes: size, problem }) => {
      const text = `${humanBytes(size).padStart(9)}  ${sanitizeLine(what)}`;
      return problem === undefined ? text : `${text} ${style('red', `not freed: ${sanitizeLine(problem)}`)}`;
    });
    const end = freed ? `Freed ${humanBytes(bytes)}.` : `${humanBytes(bytes)} could be freed: systemprompt gc --yes`;
    return [...lines, end].join('\n');
  },
});
