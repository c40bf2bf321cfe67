import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { fill } from '../kit/format.ts';
import type { PlanWords, ProposalRow, Refinement } from './protocol.ts';
import { cancelRefinement, refused, setAccepted, settle, settling, showRefinement } from './state.ts';

const MAX_INDENT = 8;

/** The work of an agent on the plan, while it lasts. */
export function Refining({
  words,
  now,
}: {
  readonly words: PlanWords;
  readonly now: Extract<Refinement, { state: 'running' }>;
}): JSX.Element {
  return (
    <section class="refining" aria-label={words.refine}>
      <span class="bar" role="progressbar" aria-label={now.message} />
      <p role="status">{now.message}</p>
      {now.canShow ? (
        <Button look="link" press={showRefinement}>
          {words.showTask}
        </Button>
      ) : undefined}
      <Button look="secondary" press={cancelRefinement}>
        {words.cancel}
      </Button>
    </section>
  );
}

/** The changes that an agent proposes. Each can be refused before the others are accepted. */
export function Proposal({
  words,
  now,
}: {
  readonly words: PlanWords;
  readonly now: Extract<Refinement, { state: 'proposed' }>;
}): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that had the focus is gone.
  useEffect(() => heading.current?.focus(), []);
  const changed = now.rows.filter(({ change }) => change !== 'same');
  const accepted = changed.map(({ key }) => key).filter((key) => !refused.value.has(key));
  const count = accepted.length;
  return (
    <section class="proposal" aria-label={now.heading}>
      <header>
        <h2 ref={heading} tabIndex={-1}>
          {now.heading}
        </h2>
        <Button look="link" press={showRefinement}>
          {words.showTask}
        </Button>
      </header>
      <ul class="changes" aria-label={now.heading}>
        {now.rows.map((row, position) => (
          <Change key={row.key} words={words} row={row} position={position} />
        ))}
      </ul>
      <div class="footer">
        <Button
          look="primary"
          disabled={count === 0}
          busy={settling.value}
          press={() => {
            if (count > 0) settle(accepted);
          }}
        >
          {count === 1 ? words.acceptOne : fill(words.acceptMany, count)}
        </Button>
        <Button look="secondary" busy={settling.value} press={() => settle([])}>
          {words.reject}
        </Button>
      </div>
    </section>
  );
}

const signs = { added: '+', removed: '−', changed: '~', same: '' } as const;

interface ChangeProps {
  readonly words: PlanWords;
  readonly row: ProposalRow;
  readonly position: number;
}

function Change({ words, row, position }: ChangeProps): JSX.Element {
  const { key, change, depth, title, before, details } = row;
  const indent = { paddingLeft: `${Math.min(depth, MAX_INDENT) * 16}px` };
  if (change === 'same') {
    return (
      <li class="same muted" style={indent}>
        {title}
      </li>
    );
  }
  const kind = words[change];
  return (
    <li class="change" style={indent}>
      <label>
        <input
          type="checkbox"
          aria-label={fill(words.accept, title)}
          checked={!refused.value.has(key)}
          onChange={({ currentTarget }) => setAccepted(position, currentTarget.checked)}
        />
        <span class={`sign ${change}`} title={kind} role="img" aria-label={kind}>
          {signs[change]}
        </span>
        <span class="titles">
          {before === '' ? undefined : <del>{before}</del>}
          {change === 'removed' ? <del>{title}</del> : before === '' ? <span>{title}</span> : <ins>{title}</ins>}
        </span>
      </label>
      {details.length === 0 ? undefined : (
        <dl>
          {details.map(({ label, before: old, after }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                {old === '' ? undefined : <del>{old}</del>}
                {after === '' ? undefined : <ins>{after}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
