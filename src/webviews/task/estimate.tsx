import type { JSX, TargetedToggleEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { Fact } from '../kit/fact-schema.ts';
import { Facts } from '../kit/facts.tsx';
import type { TaskWords } from './protocol.ts';
import { change, channel, report } from './state.ts';

/** The type, complexity and expected spend. Computed when the person unfolds it, because it reads all tasks. */
export function Estimate({ words }: { readonly words: TaskWords }): JSX.Element {
  const [facts, setFacts] = useState<readonly Fact[]>([]);
  const load = (event: TargetedToggleEvent<HTMLDetailsElement>): void => {
    if (event.currentTarget.open) channel.request('estimate', {}).then((reply) => setFacts(reply.facts), report);
  };
  return (
    <details onToggle={load}>
      <summary>{words.estimate}</summary>
      <Facts edit={words.edit} facts={facts} change={change} />
    </details>
  );
}
