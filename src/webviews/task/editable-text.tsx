import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { useKeptFocus } from '../kit/focus.ts';
import { fill } from '../kit/format.ts';
import { MarkupText } from '../kit/markup.tsx';
import type { Markup } from '../kit/markup-schema.ts';
import type { Editable, TaskModel, TaskWords, TextEdit } from './protocol.ts';
import { channel, edits, report, setEdit } from './state.ts';

interface EditableProps {
  readonly words: TaskWords;
  readonly field: Editable;
  readonly model: TaskModel;
}

/** A text that a person can edit in place. After a concurrent change, both values are shown. */
export function EditableText({ words, field, model }: EditableProps): JSX.Element {
  const value = model[field];
  const id = useId();
  const root = useRef<HTMLElement>(null);
  const keepFocus = useKeptFocus(root);
  const edit = edits.value[field];
  const show = (next: TextEdit | undefined): void => {
    keepFocus();
    setEdit(field, next);
  };
  const save = ({ before, value: wanted }: TextEdit): void => {
    channel.request('update', { field, before, value: wanted }).then(({ conflict }) => {
      show(conflict === null ? undefined : { before: conflict, value: wanted, conflict });
    }, report);
  };
  return (
    <section ref={root} aria-labelledby={id}>
      {edit === undefined ? (
        <>
          <div class="heading">
            {field === 'title' ? (
              <h1 id={id}>
                #{model.number} {value}
              </h1>
            ) : (
              <h2 id={id}>{words[field]}</h2>
            )}
            <Button look="link" label={fill(words.edit, words[field])} press={() => show({ before: value, value })}>
              {words.change}
            </Button>
          </div>
          {field === 'title' ? undefined : <Value words={words} nodes={model.shown[field]} />}
        </>
      ) : (
        <Form
          id={id}
          words={words}
          field={field}
          edit={edit}
          change={(next) => setEdit(field, next)}
          save={save}
          close={() => show(undefined)}
        />
      )}
    </section>
  );
}

function Value({ words, nodes }: { readonly words: TaskWords; readonly nodes: readonly Markup[] }): JSX.Element {
  return nodes.length === 0 ? <p class="muted">{words.none}</p> : <MarkupText nodes={nodes} />;
}

interface FormProps {
  readonly id: string;
  readonly words: TaskWords;
  readonly field: Editable;
  readonly edit: TextEdit;
  change(edit: TextEdit): void;
  save(edit: TextEdit): void;
  close(): void;
}

function Form({ id, words, field, edit, change, save, close }: FormProps): JSX.Element {
  const press = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save(edit);
    if (event.key === 'Escape') close();
  };
  return (
    <>
      <label for={`${id}-text`} id={id}>
        {words[field]}
      </label>
      <textarea
        id={`${id}-text`}
        rows={field === 'title' ? 1 : 8}
        value={edit.value}
        onInput={(event) => change({ ...edit, value: event.currentTarget.value })}
        onKeyDown={press}
      />
      {edit.conflict === undefined ? undefined : (
        <div class="status failed" role="alert">
          <p>{words.conflict}</p>
          <p class="prose">{edit.conflict}</p>
        </div>
      )}
      <div class="footer">
        <Button look="primary" press={() => save(edit)}>
          {edit.conflict === undefined ? words.save : words.overwrite}
        </Button>
        <Button look="secondary" press={close}>
          {words.cancel}
        </Button>
      </div>
    </>
  );
}
