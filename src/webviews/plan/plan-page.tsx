import type { JSX } from 'preact';
import { AnswerForm } from '../kit/answer-form.tsx';
import { Button } from '../kit/button.tsx';
import { fill } from '../kit/format.ts';
import { LiveRegion } from '../kit/live-region.tsx';
import { ItemDetails } from './item-details.tsx';
import { ItemList } from './item-list.tsx';
import { Proposal, Refining } from './proposal.tsx';
import type { PlanModel, PlanWords } from './protocol.ts';
import {
  check,
  create,
  creating,
  fault,
  fillIn,
  model,
  refine,
  refinement,
  selected,
  setAgentOfAll,
  setAllChecked,
  settle,
  showRefinement,
  states,
  values,
} from './state.ts';

const MAX_PROBLEMS = 50;

/** The tasks of a plan before they are created: choose, rename, set agents and limits, then create all of them. */
export function PlanPage({ words }: { readonly words: PlanWords }): JSX.Element | null {
  const now = model.value;
  if (now === undefined) return null;
  const { heading, source, form, items, refined } = now;
  return (
    <div class="page">
      <header>
        <h1>{heading}</h1>
        <p class="muted source">{source}</p>
        {refined === '' ? undefined : (
          <p class="muted refined">
            {refined}
            <Button look="link" press={showRefinement}>
              {words.showTask}
            </Button>
            <Button look="link" press={() => settle([])}>
              {words.undo}
            </Button>
          </p>
        )}
      </header>
      {form === undefined ? undefined : (
        <AnswerForm
          send={words.fill}
          optional={words.optional}
          fields={form.fields}
          values={values.value}
          locked={undefined}
          change={(next) => {
            values.value = next;
          }}
          submit={fillIn}
        >
          {undefined}
        </AnswerForm>
      )}
      <p class="status failed" role="alert" hidden={fault.value === ''}>
        {fault.value}
      </p>
      <Content words={words} now={now} />
      {items.length === 0 && form === undefined && fault.value === '' ? <p role="status">{words.empty}</p> : undefined}
      <Notes words={words} notes={now.notes} />
    </div>
  );
}

/** The changes that an agent proposes, until the person has decided; otherwise the items. */
function Content({ words, now }: { readonly words: PlanWords; readonly now: PlanModel }): JSX.Element | null {
  const { items } = now;
  const refining = refinement.value;
  if (items.length === 0) return null;
  if (refining.state === 'proposed') return <Proposal words={words} now={refining} />;
  return (
    <>
      {refining.state === 'running' ? <Refining words={words} now={refining} /> : undefined}
      <p class="status failed" role="status" hidden={refining.state !== 'none' || refining.message === ''}>
        {refining.state === 'none' ? refining.message : ''}
      </p>
      <Items words={words} now={now} />
    </>
  );
}

function Items({ words, now }: { readonly words: PlanWords; readonly now: PlanModel }): JSX.Element {
  const { items, agents, canStart } = now;
  const checked = states.value.filter((state) => state !== 'no').length;
  const result = check.value;
  const problems = result?.problems ?? [];
  const nothing = result !== undefined && result.creates + result.changes === 0;
  const locked = result === undefined || problems.length > 0 || nothing || checked === 0;
  const count = fill(words.selected, checked, items.length);
  const run = (start: boolean): void => {
    if (!locked) create(start);
  };
  return (
    <>
      <div class="toolbar">
        <span class="muted">{count}</span>
        <Button look="link" press={() => setAllChecked(true)}>
          {words.all}
        </Button>
        <Button look="link" press={() => setAllChecked(false)}>
          {words.none}
        </Button>
        <select
          aria-label={words.agentForAll}
          value=""
          onChange={({ currentTarget }) => {
            if (currentTarget.value !== '') setAgentOfAll(currentTarget.value);
            currentTarget.value = '';
          }}
        >
          <option value="">{words.agentForAll}</option>
          {agents.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
        {now.canRefine && refinement.value.state === 'none' ? (
          <Button look="secondary" press={refine}>
            {words.refine}
          </Button>
        ) : undefined}
      </div>
      <LiveRegion text={count} />
      <Problems words={words} now={now} />
      <div class="beside">
        <ItemList words={words} items={items} />
        <ItemDetails words={words} now={now} />
      </div>
      <div class="footer">
        <Button look="primary" disabled={locked} busy={creating.value} press={() => run(false)}>
          {createText(words, result, checked)}
        </Button>
        {canStart ? (
          <Button look="secondary" disabled={locked} busy={creating.value} press={() => run(true)}>
            {words.start}
          </Button>
        ) : undefined}
      </div>
    </>
  );
}

function createText(words: PlanWords, result: typeof check.value, checked: number): string {
  const { creates = checked, changes = 0 } = result ?? {};
  if (changes > 0) return fill(words.applyChanges, creates, changes);
  if (creates === 0 || checked === 0) return words.createNothing;
  return creates === 1 ? words.createOne : fill(words.createMany, creates);
}

function Problems({ words, now }: { readonly words: PlanWords; readonly now: PlanModel }): JSX.Element {
  const problems = check.value?.problems ?? [];
  return (
    <section class="banner" role="alert" aria-label={words.problems} hidden={problems.length === 0}>
      <ul>
        {problems.slice(0, MAX_PROBLEMS).map(({ key, message }) => {
          const position = now.items.findIndex((item) => item.key === key);
          return (
            <li key={message}>
              {position < 0 ? (
                message
              ) : (
                <Button
                  look="link"
                  press={() => {
                    selected.value = position;
                  }}
                >
                  {message}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Notes({ words, notes }: { readonly words: PlanWords; readonly notes: readonly string[] }): JSX.Element | null {
  if (notes.length === 0) return null;
  return (
    <details class="notes">
      <summary>{fill(words.notes, notes.length)}</summary>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}
