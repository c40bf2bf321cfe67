import type { JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { fill } from '../kit/format.ts';
import type { TaskModel, TaskWords } from './protocol.ts';
import { Section } from './section.tsx';
import { channel, report } from './state.ts';

/** The saved states of the files, with a button to restore each. */
export function Checkpoints({
  words,
  model,
}: {
  readonly words: TaskWords;
  readonly model: TaskModel;
}): JSX.Element | null {
  if (model.checkpoints.length === 0) return null;
  return (
    <Section title={words.checkpoints}>
      <ul class="plain">
        {model.checkpoints.map(({ number, message, about }) => (
          <li key={number} class="related">
            <span>
              {number}. {message}
            </span>
            <span class="muted">{about}</span>
            {model.restorable ? (
              <Button look="link" press={() => void channel.request('restore', { checkpoint: number }).catch(report)}>
                {fill(words.restore, number)}
              </Button>
            ) : undefined}
          </li>
        ))}
      </ul>
    </Section>
  );
}
