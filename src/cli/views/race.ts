import { withPrecision } from '../../core/policy/precision.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import { dollars } from '../terminal/dollars.ts';
import type { Style } from '../terminal/style.ts';
import { type Cell, type Column, renderTable } from '../terminal/table.ts';
import { humanDuration } from '../terminal/time.ts';
import { paintStatus, statusText } from './status-word.ts';
import { files } from './worktrees.ts';

type Race = OutputOf<'task.race.show'>;
type Entrant = Race['entrants'][number];

/** Characters of a note, whose end sums up. */
const NOTE_CHARS = 300;

/** The entrants beside each other, their notes, and the next command. */
export function raceView(race: Race, style: Style, columns: number): string {
  const head: readonly Column[] = [
    { title: 'ENTRANT' },
    { title: 'AGENT' },
    { title: 'STATUS' },
    { title: 'CHANGES' },
    { title: 'CHECKS' },
    { title: 'TIME', align: 'right' },
    { title: 'TOKENS', align: 'right' },
    { title: 'COST', align: 'right' },
    { title: 'SCORE' },
  ];
  const rows = race.entrants.map((entrant) => cellsOf(entrant, style));
  // No agent reports tokens of a script, for example.
  const shown = head.map((_, index) => rows.some((row) => row[index]?.text !== ''));
  const present = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => shown[index]);
  const notes = race.entrants.flatMap((entrant) => noteLines(entrant, style));
  const { tokens, cost_usd: cost, precision } = race.usage;
  const spent = [
    ...(tokens === null ? [] : [withPrecision(`${tokens.toLocaleString('en')} tokens`, precision.tokens)]),
    ...(cost === null ? [] : [withPrecision(dollars(cost), precision.cost_usd)]),
  ];
  return [
    style('bold', `#${race.number} ${sanitizeLine(race.title)}`),
    ...renderTable(present(head), rows.map(present), style, columns),
    ...notes,
    ...(spent.length === 0 ? [] : [`Together: ${spent.join(', ')}`]),
    ...nextOf(race),
  ].join('\n');
}

function cellsOf(entrant: Entrant, style: Style): Cell[] {
  const { number, agent, model, status, changes, checks, duration, tokens, cost_usd: cost, precision, judge } = entrant;
  const paint = (text: string): string => paintStatus(status, text, style);
  const ran = checks.passed + checks.failed;
  const score = judge?.score ?? null;
  return [
    { text: `#${number}${entrant.picked ? ' picked' : ''}` },
    { text: sanitizeLine(model === null ? agent : `${agent} ${model}`) },
    { text: statusText(status), paint },
    {
      text:
        changes === null
          ? entrant.uncounted
            ? 'unknown'
            : ''
          : `${files(changes.files)} +${changes.added} -${changes.deleted}`,
    },
    { text: ran === 0 ? '' : checks.failed === 0 ? `${ran} passed` : `${checks.failed} of ${ran} failed` },
    { text: duration === 0 ? '' : humanDuration(duration) },
    { text: tokens === null ? '' : withPrecision(tokens.toLocaleString('en'), precision.tokens) },
    { text: cost === null ? '' : withPrecision(dollars(cost), precision.cost_usd) },
    { text: score === null ? '' : `${score}/10${judge?.best === true ? ' best' : ''}` },
  ];
}

function noteLines({ number, notes, error, judge }: Entrant, style: Style): string[] {
  const lines = [
    ...(error === null ? [] : [style('red', sanitizeLine(error))]),
    ...(notes.trim() === '' ? [] : [ending(notes)]),
    ...(judge === null ? [] : [`Judge: ${ending(judge.notes)}`]),
  ];
  return lines.map((line) => `  ${style('dim', `#${number}`)} ${line}`);
}

function nextOf({ number, entrants, status, work, judge }: Race): string[] {
  const judging =
    judge === null || judge.status === 'completed' ? [] : [`#${judge.number} judges the results: ${judge.status}`];
  const winner = entrants.find(({ picked }) => picked);
  if (winner !== undefined) {
    if (status === 'in_progress')
      return [
        ...judging,
        `The result is not on a branch yet. Pick it again: systemprompt task race pick ${winner.number}`,
      ];
    return [...judging, endOf(number, work)];
  }
  if (status === 'paused') {
    const first = entrants.find(({ pickable }) => pickable);
    const stopped = entrants.filter((entrant) => entrant.status === 'paused').map((entrant) => entrant.number);
    return [
      ...judging,
      ...(first === undefined
        ? []
        : [`Review one: systemprompt task diff ${first.number}, pick it: systemprompt task race pick ${first.number}`]),
      // Where a limit stopped them, the command names the one that raises it.
      ...(stopped.length === 0 ? [] : [`Resume those that stopped: systemprompt task resume ${stopped.join(' ')}`]),
    ];
  }
  return status === 'in_progress' ? [...judging, `Follow them: systemprompt task watch ${number}`] : judging;
}

/** The next step with a picked result, or what became of it. */
function endOf(number: number, work: Race['work']): string {
  switch (work) {
    case null:
      return 'The picked entrant changed no file.';
    case 'unmerged':
      return `Review the result: systemprompt task diff ${number}, then: systemprompt task merge ${number}`;
    case 'merged':
      return 'The picked result is merged.';
    case 'discarded':
      return `The picked result was discarded. Git keeps it for 30 days: systemprompt task show ${number}`;
  }
}

function ending(text: string): string {
  const line = sanitizeLine(text.trim());
  return line.length > NOTE_CHARS ? `…${line.slice(1 - NOTE_CHARS)}` : line;
}
