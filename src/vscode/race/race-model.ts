import type { TaskRecord } from '../../core/task/schema.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { Entrant, RaceModel, ShownStanding } from '../../webviews/race/protocol.ts';
import { folderStanding } from '../folders/folder-standing.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { l10n } from '../present/l10n.ts';
import { costText, tokensText } from '../present/spend-text.ts';
import { rowDetails } from '../present/task-row.ts';
import { rowFlags } from '../present/task-state.ts';
import { durationText } from '../present/time.ts';
import { statusWord } from '../present/words.ts';
import { shownText, shownTitle } from '../task/shown-text.ts';

type Comparison = OutputOf<'task.race.show'>;

interface ModelInput {
  readonly folder: Pick<TaskFolder, 'host' | 'isPlaying' | 'path'>;
  readonly race: TaskRecord;
  readonly comparison: Comparison;
  readonly now: number;
}

/** Everything that the page shows of a race, safe to show: the comparison, joined to the standing of each task. */
export function raceModel({ folder, race, comparison, now }: ModelInput): RaceModel {
  const { entrants, usage, judgeable } = comparison;
  const find = (id: string | undefined): TaskRecord | undefined =>
    id === undefined ? undefined : folder.host?.store.view.byId(id);
  const standingOf = (task: TaskRecord | undefined): ShownStanding => {
    if (task === undefined) return { mark: '', words: '' };
    const standing = folderStanding(folder, task, now);
    // The error has its own place.
    const details = standing.kind === 'failed' ? [] : rowDetails(task, { now, standing });
    return { mark: standing.kind, words: [statusWord(task.status), ...details].join(' · ') };
  };
  const judge = find(race.race?.judge);
  const shown = entrants.map((entrant) => shownEntrant(entrant, standingOf(find(entrant.id))));
  return {
    folder: folder.path,
    id: race.id,
    heading: `#${race.number} ${shownTitle(race)}`,
    standing: standingOf(race),
    spent: spentText(usage),
    entrants: shown,
    judge:
      judge === undefined
        ? null
        : { id: judge.id, name: `#${judge.number} ${shownTitle(judge)}`, standing: standingOf(judge) },
    judgeable,
    mergeable: rowFlags(race).includes('mergeable'),
    live: entrants.some(({ status }) => status === 'in_progress'),
    spoken: entrants.map(({ number, status }) => `#${number} ${statusWord(status)}`).join(', '),
  };
}

function shownEntrant(entrant: Comparison['entrants'][number], standing: ShownStanding): Entrant {
  const { changes, checks, duration, tokens, cost_usd: cost, precision, judge } = entrant;
  return {
    id: entrant.id,
    number: entrant.number,
    agent: shownText(entrant.agent),
    model: shownText(entrant.model ?? ''),
    standing,
    error: shownText(entrant.error ?? ''),
    picked: entrant.picked,
    pickable: entrant.pickable,
    changes: changes === null ? null : { ...changes, files: filesText(changes.files) },
    uncounted: entrant.uncounted,
    checks: checks.results.map(({ command, passed }) => ({ command: shownText(command), passed })),
    duration: duration === 0 ? '' : durationText(duration),
    tokens: tokens === null ? '' : tokensText(tokens, precision.tokens),
    cost: cost === null ? '' : costText(cost, precision.cost_usd),
    notes: shownText(entrant.notes).trim(),
    verdict:
      judge === null
        ? null
        : {
            score: judge.score === null ? '' : l10n.t('score {0} of 10', judge.score),
            notes: shownText(judge.notes).trim(),
            best: judge.best,
          },
  };
}

function filesText(files: number): string {
  return files === 1 ? l10n.t('1 file') : l10n.t('{0} files', files);
}

function spentText({ tokens, cost_usd: cost, precision }: Comparison['usage']): string {
  const amounts = [
    ...(tokens === null ? [] : [l10n.t('{0} tokens', tokensText(tokens, precision.tokens))]),
    ...(cost === null ? [] : [costText(cost, precision.cost_usd)]),
  ];
  return amounts.length === 0 ? '' : l10n.t('Together: {0}', amounts.join(' · '));
}
