import type { JSX } from 'preact';
import { AnswerForm } from '../kit/answer-form.tsx';
import { Button } from '../kit/button.tsx';
import { fill } from '../kit/format.ts';
import { LiveRegion } from '../kit/live-region.tsx';
import { ItemDetails } from './item-details.tsx';
import { ItemList } from './item-list.tsx';
import type { PlanModel, PlanWords } from './protocol.ts';
import {
  check,
  create,
  creating,
  fault,
  fillIn,
  model,
  selected,
  setAgentOfAll,
  setAllChecked,
  states,
  values,
} from './state.ts';

const MAX_PROBLEMS = 50;

/** The tasks of a plan before they are created: choose, rename, set agents and limits, then create all of them. */
export function PlanPage({ words }: { readonly words: PlanWords }): JSX.Element | null {
  const now = model.value;
  if (now === undefined) return null;
  const { heading, source, form, items } = now;
  return (
    <div class="page">
      <header>
        <h1>{heading}</h1>
        <p class="muted source">{source}</p>
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
      {items.length > 0 ? <Items words={words} now={now} /> : undefined}
      {items.length === 0 && form === undefined && fault.value === '' ? <p role="status">{words.empty}</p> : undefined}
      <Notes words={words} notes={now.notes} />
    </div>
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
