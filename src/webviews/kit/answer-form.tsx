import type { ComponentChildren, JSX, TargetedKeyboardEvent } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Button } from './button.tsx';
import type { FormField, FormValues } from './form-schema.ts';

interface AnswerFormProps {
  /** The text of the button that sends the answer. */
  readonly send: string;
  readonly optional: string;
  readonly fields: readonly FormField[];
  readonly values: FormValues;
  /** The reason why a person cannot answer now. */
  readonly locked: string | undefined;
  /** Further buttons. */
  readonly children: ComponentChildren;
  change(values: FormValues): void;
  /** Rejects with the fault of the answer. */
  submit(): Promise<void>;
}

/** The fields of a question. Enter sends the answer, in a text of several lines Ctrl+Enter. */
export function AnswerForm(props: AnswerFormProps): JSX.Element {
  const { send, optional, fields, values, locked, children, change, submit } = props;
  const id = useId();
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const press = (): void => {
    if (busy || locked !== undefined) return;
    setBusy(true);
    setFault('');
    submit()
      .catch((error: unknown) => setFault(error instanceof Error ? error.message : String(error)))
      .finally(() => setBusy(false));
  };
  const submitForm = (event: Event): void => {
    event.preventDefault();
    press();
  };
  return (
    <form class="form" onSubmit={submitForm}>
      {fields.map((field) => (
        <Field
          key={field.name}
          id={`${id}-${field.name}`}
          field={field}
          optional={optional}
          value={values[field.name] ?? ''}
          change={(value) => change({ ...values, [field.name]: value })}
        />
      ))}
      <p class="status failed" role="alert" hidden={fault === ''}>
        {fault}
      </p>
      <div class="footer">
        <Button look="primary" title={locked} disabled={locked !== undefined} busy={busy}>
          {send}
        </Button>
        {children}
      </div>
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly field: FormField;
  readonly optional: string;
  readonly value: string | readonly string[];
  change(value: string | string[]): void;
}

function Field({ id, field, optional, value, change }: FieldProps): JSX.Element {
  const { kind, label, about, options, required } = field;
  const name = required ? label : `${label} (${optional})`;
  const help = about === undefined ? undefined : `${id}-about`;
  const note =
    about === undefined ? undefined : (
      <p class="muted" id={help}>
        {about}
      </p>
    );
  const common = { id, 'aria-describedby': help, 'aria-required': required };
  if (kind === 'many') {
    const chosen = typeof value === 'string' ? [] : value;
    return (
      <fieldset aria-describedby={help}>
        <legend>{name}</legend>
        {note}
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={({ currentTarget: { checked } }) =>
                change([...chosen.filter((each) => each !== option.value), ...(checked ? [option.value] : [])])
              }
            />
            {option.label}
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <>
      <label for={id}>{name}</label>
      {note}
      {kind === 'choice' ? (
        <select {...common} value={String(value)} onChange={(event) => change(event.currentTarget.value)}>
          <option value="" />
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : kind === 'text' ? (
        <textarea
          {...common}
          rows={3}
          value={String(value)}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={sendByKey}
        />
      ) : (
        <input
          {...common}
          type="text"
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          value={String(value)}
          onInput={(event) => change(event.currentTarget.value)}
        />
      )}
    </>
  );
}

function sendByKey(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}
