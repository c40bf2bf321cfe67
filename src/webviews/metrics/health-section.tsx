import type { JSX } from 'preact';
import { count } from '../kit/format.ts';
import type { Health, MetricsWords } from './protocol.ts';
import { lang } from './state.ts';

/** The queue, its worker slots, and the use of the daily limits. */
export function HealthSection({
  words,
  health,
}: {
  readonly words: MetricsWords;
  readonly health: Health;
}): JSX.Element {
  const { playing, at_work, max_parallel, ready, waiting, idle, limits } = health;
  const facts = [
    [words.running, `${count(at_work, lang)} / ${count(max_parallel, lang)}`],
    [words.ready, count(ready, lang)],
    [words.waitingTasks, count(waiting, lang)],
  ] as const;
  return (
    <div class="beside">
      <section aria-label={words.queue}>
        <h2>{words.queue}</h2>
        <dl class="tiles small">
          {facts.map(([name, value]) => (
            <div class="tile" key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p class="more">{`${playing ? words.playing : words.pausedQueue} ${idle}`}</p>
      </section>
      <section aria-label={words.limitsToday}>
        <h2>{words.limitsToday}</h2>
        {limits.length === 0 ? <p class="empty">{words.noLimits}</p> : undefined}
        {limits.map(({ text, share }) => (
          <div class="limit" key={text}>
            <span>{text}</span>
            <progress value={Math.min(1, share ?? 0)} max={1} aria-label={text} />
          </div>
        ))}
      </section>
    </div>
  );
}
