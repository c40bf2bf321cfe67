import type { JSX } from 'preact';
import type { Fact, FieldName } from './fact-schema.ts';
import { fill } from './format.ts';

interface FactsProps {
  /** `Edit {0}`. */
  readonly edit: string;
  readonly facts: readonly Fact[];
  readonly change: (field: FieldName) => void;
}

/** Names and values. A press on the value of a field changes it in a list or an input box of the editor. */
export function Facts({ edit, facts, change }: FactsProps): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(({ name, value, field, empty }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={empty ? 'muted' : undefined}>
            {field === undefined ? (
              value
            ) : (
              <button
                type="button"
                class="value"
                title={fill(edit, name)}
                aria-label={`${fill(edit, name)}: ${value}`}
                onClick={() => change(field)}
              >
                {value}
              </button>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
