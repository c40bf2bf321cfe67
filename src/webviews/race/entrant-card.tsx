import type { ComponentChildren, JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { count } from '../kit/format.ts';
import { Mark } from '../kit/mark.tsx';
import { ScrollText } from '../kit/scroll-text.tsx';
import type { Entrant, RaceWords } from './protocol.ts';
import { Standing } from './standing.tsx';
import { act, busy, lang } from './state.ts';

interface CardProps {
  readonly words: RaceWords;
  readonly entrant: Entrant;
  /** All entrants: a fact that no entrant has gets no row, so that the rows of all cards are level. */
  readonly all: readonly Entrant[];
}

const hasVerdict = ({ verdict }: Entrant): boolean => verdict !== null;
const hasNotes = ({ notes }: Entrant): boolean => notes !== '';

/** The number of rows of each card: name, standing, facts and buttons, and two that no or every card has. */
export function rowsOf(all: readonly Entrant[]): number {
  return 4 + Number(all.some(hasVerdict)) + Number(all.some(hasNotes));
}

/** An entrant: its agent, its standing, its numbers, the opinion about it, its words, and what a person can do with it. */
export function EntrantCard({ words, entrant, all }: CardProps): JSX.Element {
  const { id, number, agent, model, standing, error, picked, verdict } = entrant;
  const heading = `entrant-${number}`;
  return (
    <li class={picked ? 'card picked' : 'card'} aria-labelledby={heading}>
      <div class="name">
        <h2 id={heading}>
          <span class="number">#{number}</span> {agent}
        </h2>
        {model === '' ? undefined : <span class="muted model">{model}</span>}
        {picked ? <span class="badge">{words.picked}</span> : undefined}
        {verdict?.best === true ? <span class="badge quiet">{words.best}</span> : undefined}
      </div>
      <div class="situation">
        <Standing words={words} standing={standing} />
        {error === '' ? undefined : <p class="error">{error}</p>}
      </div>
      <Facts words={words} entrant={entrant} all={all} />
      {all.some(hasVerdict) ? <Verdict words={words} entrant={entrant} /> : undefined}
      {all.some(hasNotes) ? <Notes words={words} entrant={entrant} /> : undefined}
      <div class="footer">
        {entrant.pickable ? (
          <Button look="primary" busy={busy.value} label={`${words.pick} #${number}`} press={() => act('pick', id)}>
            {words.pick}
          </Button>
        ) : undefined}
        {entrant.changes === null && !entrant.uncounted ? undefined : (
          <Button
            look="secondary"
            busy={busy.value}
            label={`${words.changes} #${number}`}
            press={() => act('changes', id)}
          >
            {words.changes}
          </Button>
        )}
        <Button look="secondary" busy={busy.value} label={`${words.open} #${number}`} press={() => act('open', id)}>
          {words.open}
        </Button>
      </div>
    </li>
  );
}

function Facts({ words, entrant, all }: CardProps): JSX.Element {
  const { changes, checks, duration, tokens, cost } = entrant;
  const without = entrant.uncounted ? words.uncounted : words.noChanges;
  const amounts = [
    { name: words.duration, value: duration, empty: words.notStarted, shown: all.some((each) => each.duration !== '') },
    { name: words.tokens, value: tokens, empty: words.notReported, shown: all.some((each) => each.tokens !== '') },
    { name: words.cost, value: cost, empty: words.notReported, shown: all.some((each) => each.cost !== '') },
  ];
  return (
    <dl class="facts">
      {all.some((each) => each.changes !== null || each.uncounted) ? (
        <Fact name={words.changed} empty={changes === null ? without : undefined}>
          {changes?.files} <span class="added">+{count(changes?.added ?? 0, lang)}</span>{' '}
          <span class="deleted">−{count(changes?.deleted ?? 0, lang)}</span>
        </Fact>
      ) : undefined}
      {amounts.map(({ name, value, empty, shown }) =>
        shown ? (
          <Fact key={name} name={name} empty={value === '' ? empty : undefined}>
            {value}
          </Fact>
        ) : undefined,
      )}
      {all.some((each) => each.checks.length > 0) ? (
        <Fact name={words.checks} empty={checks.length === 0 ? words.notRun : undefined}>
          <ul class="checks">
            {checks.map(({ command, passed }) => (
              <li key={command}>
                <Mark shapes={words.marks} mark={passed ? 'done' : 'failed'} />
                <span class="spoken">{passed ? words.passed : words.failed} </span>
                <code>{command}</code>
              </li>
            ))}
          </ul>
        </Fact>
      ) : undefined}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  /** The words for a missing value. */
  readonly empty: string | undefined;
  readonly children: ComponentChildren;
}

function Fact({ name, empty, children }: FactProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      {empty === undefined ? <dd>{children}</dd> : <dd class="muted">{empty}</dd>}
    </div>
  );
}

function Verdict({ words, entrant: { verdict } }: Omit<CardProps, 'all'>): JSX.Element {
  // The empty element keeps the rows of the other cards level.
  if (verdict === null) return <div />;
  return (
    <div class="verdict">
      <h3>
        {words.verdict}
        {verdict.score === '' ? undefined : <span class="score">{verdict.score}</span>}
      </h3>
      <p class="prose">{verdict.notes}</p>
    </div>
  );
}

function Notes({ words, entrant: { number, notes } }: Omit<CardProps, 'all'>): JSX.Element {
  const heading = `notes-${number}`;
  return (
    <div class="notes">
      <h3 id={heading}>{words.notes}</h3>
      {notes === '' ? (
        <p class="muted">{words.noNotes}</p>
      ) : (
        <ScrollText class="prose" labelledBy={heading}>
          {notes}
        </ScrollText>
      )}
    </div>
  );
}
