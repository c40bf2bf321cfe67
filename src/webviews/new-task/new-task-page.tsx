import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import type { FieldName } from '../kit/fact-schema.ts';
import { Facts } from '../kit/facts.tsx';
import { MentionText } from './mention-text.tsx';
import type { NewTaskWords } from './protocol.ts';
import { channel, create, creating, draft, fault, report, setTexts, texts } from './state.ts';

/** The form for a new task: title and agent suffice. Enter in the title and Ctrl+Enter in a text start it. */
export function NewTaskPage({ words }: { readonly words: NewTaskWords }): JSX.Element | null {
  const id = useId();
  const title = useRef<HTMLInputElement>(null);
  const now = draft.value;
  const written = texts.value;
  const shown = now !== undefined && written !== undefined;
  useEffect(() => title.current?.focus(), [shown]);
  if (!shown) return null;
  const startByKey = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    if (event.key !== 'Enter' || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    create(true);
  };
  const change = (field: FieldName): void => void channel.request('change', { field }).catch(report);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        create(true);
      }}
    >
      <h1>{words.heading}</h1>
      <label for={`${id}-title`}>{words.title}</label>
      <input
        ref={title}
        id={`${id}-title`}
        type="text"
        aria-required
        placeholder={words.titleHint}
        value={written.title}
        onInput={(event) => setTexts({ title: event.currentTarget.value })}
      />
      <Facts edit={words.edit} facts={now.agent} change={change} />
      {now.problem === undefined ? undefined : (
        <p class="banner" role="status">
          {now.problem}
        </p>
      )}
      <MentionText
        words={words}
        label={now.script ? words.script : words.instructions}
        value={written.instructions}
        change={(instructions) => setTexts({ instructions })}
        submit={startByKey}
      />
      <p class="status failed" role="alert" hidden={fault.value === ''}>
        {fault.value}
      </p>
      <div class="footer">
        <Button look="primary" busy={creating.value}>
          {words.start}
        </Button>
        <Button look="secondary" busy={creating.value} press={() => create(false)}>
          {words.save}
        </Button>
      </div>
      <details>
        <summary>{words.more}</summary>
        <div class="form">
          <label for={`${id}-description`}>{words.description}</label>
          <textarea
            id={`${id}-description`}
            rows={4}
            value={written.description}
            onInput={(event) => setTexts({ description: event.currentTarget.value })}
            onKeyDown={startByKey}
          />
          <label for={`${id}-acceptance`}>{words.acceptance}</label>
          <textarea
            id={`${id}-acceptance`}
            rows={3}
            placeholder={words.acceptanceHint}
            value={written.acceptance}
            onInput={(event) => setTexts({ acceptance: event.currentTarget.value })}
            onKeyDown={startByKey}
          />
          {now.groups.map(({ title: name, facts }) => (
            <section key={name} aria-label={name}>
              <h2>{name}</h2>
              <Facts edit={words.edit} facts={facts} change={change} />
            </section>
          ))}
        </div>
      </details>
    </form>
  );
}
