import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { fill } from '../kit/format.ts';
import { limitOf, titleOf } from './edited.ts';
import { type LimitName, MAX_AMOUNT, type PlanModel, type PlanRow, type PlanWords } from './protocol.ts';
import { dismiss, edit, edits, selected } from './state.ts';

/** The selected item: its agent and limits as fields, and the texts that it brings. */
export function ItemDetails({ words, now }: { readonly words: PlanWords; readonly now: PlanModel }): JSX.Element {
  const id = useId();
  const item = now.items[selected.value];
  if (item === undefined) return <section class="details" aria-label={words.details} />;
  const { key, group, phases, after, description, score } = item;
  return (
    <section class="details form" aria-label={words.details} key={key}>
      <h2>{titleOf(item)}</h2>
      {group ? undefined : (
        <>
          <label for={`${id}-agent`}>{words.agent}</label>
          <select
            id={`${id}-agent`}
            value={edits.value[key]?.agent ?? ''}
            onChange={({ currentTarget: { value } }) => edit(key, { agent: value === '' ? undefined : value })}
          >
            <option value="">{phases ? words.phases : fill(words.keepAgent, item.agent)}</option>
            {now.agents.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </>
      )}
      <fieldset>
        <legend>{words.limits}</legend>
        <div class="limits">
          <Limit words={words} item={item} name="max_tokens" label={words.tokens} />
          <Limit words={words} item={item} name="max_cost_usd" label={words.cost} />
          <Limit words={words} item={item} name="max_duration_minutes" label={words.minutes} />
        </div>
      </fieldset>
      {after.length === 0 ? undefined : (
        <>
          <h3>{words.after}</h3>
          <ul>
            {after.map((title) => (
              <li key={title}>{title}</li>
            ))}
          </ul>
        </>
      )}
      {description === '' ? undefined : (
        <>
          <h3>{words.description}</h3>
          <p class="text">{description}</p>
        </>
      )}
      {score === undefined ? undefined : (
        <div class="footer">
          <Button look="secondary" press={() => dismiss(key)}>
            {words.dismiss}
          </Button>
        </div>
      )}
    </section>
  );
}

interface LimitProps {
  readonly words: PlanWords;
  readonly item: PlanRow;
  readonly name: LimitName;
  readonly label: string;
}

/** A limit as a field; an empty field is no limit. A value that is no amount is not applied. */
function Limit({ words, item, name, label }: LimitProps): JSX.Element {
  const id = useId();
  const value = limitOf(item, name);
  const [typed, setTyped] = useState(value === null ? '' : String(value));
  // The plan was read again, without the edits of the one before.
  useEffect(() => setTyped(value === null ? '' : String(value)), [item]);
  const whole = name === 'max_tokens';
  const valid = amountOf(typed, whole) !== undefined;
  return (
    <div>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        placeholder={words.noLimits}
        value={typed}
        aria-invalid={!valid}
        title={valid ? undefined : words.notPositive}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          const next = amountOf(currentTarget.value, whole);
          if (next !== undefined) edit(item.key, { limits: { [name]: next } });
        }}
      />
    </div>
  );
}

/** Null for an empty text; undefined for one that is no amount. */
function amountOf(text: string, whole: boolean): number | null | undefined {
  if (text.trim() === '') return null;
  const amount = Number(text.trim().replace(',', '.'));
  return amount > 0 && amount <= MAX_AMOUNT && (!whole || Number.isInteger(amount)) ? amount : undefined;
}
