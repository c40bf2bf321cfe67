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
      <table>
        <thead>
          <tr>
            {[words.worker, words.agents, words.load, words.lastSign].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {workers.map(({ id, name, agents, load, seen }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{agents}</td>
              <td>{load}</td>
              <td>{seen}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
