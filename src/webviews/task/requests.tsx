import type { JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { ScrollText } from '../kit/scroll-text.tsx';
import type { TaskModel, TaskRequest, TaskWords } from './protocol.ts';
import { Section } from './section.tsx';
import { channel, outcome, report } from './state.ts';

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
            {request.text === undefined || request.text === request.title ? undefined : (
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

function Choices({ words, request: { key, question }, trusted }: ChoicesProps): JSX.Element {
  const decide = (decision: 'approve' | 'reject' | 'answer' | 'open'): void => {
    channel.request('decide', { key, decision }).then((reply) => {
      outcome.value = { text: reply.words, failed: false };
    }, report);
  };
  const locked = trusted ? undefined : words.restricted;
  return (
    <div class="footer">
      <Button look="primary" disabled={!trusted} title={locked} press={() => decide(question ? 'answer' : 'approve')}>
        {question ? words.answer : words.approve}
      </Button>
      <Button look="secondary" press={() => decide('reject')}>
        {words.reject}
      </Button>
      <Button look="link" press={() => decide('open')}>
        {words.open}
      </Button>
    </div>
  );
}
