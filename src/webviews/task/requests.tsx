import type { JSX } from 'preact';
import { AnswerForm } from '../kit/answer-form.tsx';
import { Button } from '../kit/button.tsx';
import { MarkupText } from '../kit/markup.tsx';
import { ScrollText } from '../kit/scroll-text.tsx';
import type { TaskModel, TaskRequest, TaskWords } from './protocol.ts';
import { Section } from './section.tsx';
import { answers, channel, outcome, report, setAnswer } from './state.ts';

interface RequestsProps {
  readonly words: TaskWords;
  readonly model: TaskModel;
}

/** The pending requests of the task, to decide here. */
export function Requests({ words, model }: RequestsProps): JSX.Element | null {
  if (model.requests.length === 0) return null;
  return (
    <Section title={words.requests}>
      <ul class="plain">
        {model.requests.map((request) => (
          <li key={request.key} class="card">
            <div class="muted">{request.about}</div>
            <h3>{request.title}</h3>
            {request.text === undefined || request.text === request.title ? undefined : request.markup !== undefined ? (
              <MarkupText nodes={request.markup} />
            ) : (
              <ScrollText class="text" label={request.title}>
                {request.text}
              </ScrollText>
            )}
            <Choices words={words} request={request} trusted={model.trusted} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface ChoicesProps {
  readonly words: TaskWords;
  readonly request: TaskRequest;
  readonly trusted: boolean;
}

function Choices({ words, request: { key, fields }, trusted }: ChoicesProps): JSX.Element {
  const decide = (decision: 'approve' | 'reject' | 'open'): void => {
    channel.request('decide', { key, decision }).then(show, report);
  };
  const locked = trusted ? undefined : words.restricted;
  const others = (
    <>
      <Button look="secondary" press={() => decide('reject')}>
        {words.reject}
      </Button>
      <Button look="link" press={() => decide('open')}>
        {words.open}
      </Button>
    </>
  );
  if (fields.length > 0) {
    return (
      <AnswerForm
        send={words.answer}
        optional={words.optional}
        fields={fields}
        values={answers.value[key] ?? {}}
        locked={locked}
        change={(values) => setAnswer(key, values)}
        submit={() => channel.request('answer', { key, values: answers.peek()[key] ?? {} }).then(show)}
      >
        {others}
      </AnswerForm>
    );
  }
  return (
    <div class="footer">
      <Button look="primary" disabled={!trusted} title={locked} press={() => decide('approve')}>
        {words.approve}
      </Button>
      {others}
    </div>
  );
}

function show(reply: { readonly words: string }): void {
  outcome.value = { text: reply.words, failed: false };
}
