import type { JSX } from 'preact';
import type { Health, MetricsWords } from './protocol.ts';

/** The workers of a shared store, with their machines. */
export function WorkersSection({
  words,
  workers,
}: {
  readonly words: MetricsWords;
  readonly workers: Health['workers'];
}): JSX.Element {
  return (
    <section aria-label={words.workers}>
      <h2>{words.workers}</h2>
      <div class="table">
        <table class="workers">
          <thead>
            <tr>
              <th scope="col">{words.worker}</th>
              <th scope="col">{words.agents}</th>
              <th scope="col" class="number">
                {words.load}
              </th>
              <th scope="col">{words.lastSign}</th>
            </tr>
          </thead>
          <tbody>
            {workers.map(({ id, name, agents, load, seen, silent }) => (
              <tr key={id}>
                <th scope="row">{name}</th>
                <td>{agents}</td>
                <td class="number">{load}</td>
                <td class={silent ? 'silent' : undefined}>{seen}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
