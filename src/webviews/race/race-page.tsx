import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { useRestoredFocus } from '../kit/focus.ts';
import { LiveRegion } from '../kit/live-region.tsx';
import { EntrantCard, rowsOf } from './entrant-card.tsx';
import type { RaceModel, RaceWords } from './protocol.ts';
import { Standing } from './standing.tsx';
import { act, busy, failure, race } from './state.ts';

/** The entrants of a race beside each other. The person opens their changes, and picks one of the results. */
export function RacePage({ words }: { readonly words: RaceWords }): JSX.Element {
  const page = useRef<HTMLDivElement>(null);
  const now = race.value;
  useRestoredFocus(page);
  return (
    <div class="page" ref={page}>
      <p class="status failed" role="alert" hidden={failure.value === ''}>
        {failure.value}
      </p>
      {now === null ? <p role="status">{words.gone}</p> : undefined}
      {now === null || now === undefined ? undefined : <Race words={words} now={now} />}
    </div>
  );
}

function Race({ words, now }: { readonly words: RaceWords; readonly now: RaceModel }): JSX.Element {
  const { id, heading, standing, spent, entrants, judge, judgeable, mergeable, spoken } = now;
  const winner = entrants.find(({ picked }) => picked);
  return (
    <>
      <header>
        <h1>{heading}</h1>
        <div class="about">
          <Standing words={words} standing={standing} />
          {spent === '' ? undefined : <span class="muted">{spent}</span>}
        </div>
        {judge === null ? undefined : (
          <div class="about">
            <Button look="link" busy={busy.value} press={() => act('open', judge.id)}>
              {judge.name}
            </Button>
            <Standing words={words} standing={judge.standing} />
          </div>
        )}
        <div class="toolbar">
          {mergeable ? (
            <Button look="primary" busy={busy.value} press={() => act('merge')}>
              {words.merge}
            </Button>
          ) : undefined}
          {winner === undefined ? undefined : (
            <Button look="secondary" busy={busy.value} press={() => act('changes', id)}>
              {words.review}
            </Button>
          )}
          {judgeable ? (
            <Button look="secondary" busy={busy.value} press={() => act('judge')}>
              {words.judge}
            </Button>
          ) : undefined}
          <Button look="secondary" busy={busy.value} press={() => act('open', id)}>
            {words.openRace}
          </Button>
        </div>
      </header>
      <LiveRegion text={spoken} />
      <ul class={`entrants rows-${rowsOf(entrants)}`} aria-label={words.entrants}>
        {entrants.map((entrant) => (
          <EntrantCard key={entrant.id} words={words} entrant={entrant} all={entrants} />
        ))}
      </ul>
    </>
  );
}
