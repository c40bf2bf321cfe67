import type { JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { fill } from '../kit/format.ts';
import type { Metrics, MetricsWords } from './protocol.ts';
import { channel, report } from './state.ts';

interface BottlenecksProps {
  readonly words: MetricsWords;
  readonly metrics: Metrics;
  readonly folder: string;
}

/** Tasks that delay others, the worst first. */
export function Bottlenecks({ words, metrics, folder }: BottlenecksProps): JSX.Element {
  const { bottlenecks, bottlenecks_total: total } = metrics;
  const more = total - bottlenecks.length;
  return (
    <section aria-label={words.bottlenecks}>
      <h2>{words.bottlenecks}</h2>
      {bottlenecks.length === 0 ? <p class="empty">{words.noBottlenecks}</p> : undefined}
      <ul class="bottlenecks">
        {bottlenecks.map(({ task_id: task, number, task_title: title, issue }) => (
          <li key={`${task} ${issue}`}>
            <Button look="link" press={() => void channel.request('openTask', { folder, task }).catch(report)}>
              {`#${number} ${title}`}
            </Button>
            <span class="issue">{issue}</span>
          </li>
        ))}
      </ul>
      {more > 0 ? <p class="more">{fill(words.moreBottlenecks, more)}</p> : undefined}
    </section>
  );
}
