import type { JSX } from 'preact';
import { count, fill } from '../kit/format.ts';
import { Mark } from '../kit/mark.tsx';
import type { GraphScene, GraphWords } from './protocol.ts';
import { lang } from './state.ts';

/** The shown standings with their shapes, and the numbers of the scene. */
export function Legend({ words, scene }: { readonly words: GraphWords; readonly scene: GraphScene }): JSX.Element {
  const used = new Set(scene.nodes.flatMap(({ mark, shares }) => [mark, ...shares.map((share) => share.mark)]));
  const hidden = scene.kind === 'tasks' ? scene.total - scene.nodes.length : 0;
  return (
    <div class="foot">
      <ul class="legend" aria-label={words.legend}>
        {words.marks
          .filter(({ mark }) => used.has(mark))
          .map(({ mark, name }) => (
            <li key={mark}>
              <Mark shapes={words.marks} mark={mark} />
              {name}
            </li>
          ))}
        <li>
          <span class="line" aria-hidden="true" />
          {words.dependency}
        </li>
        {scene.lines.some(({ kind }) => kind === 'parent') ? (
          <li>
            <span class="line dotted" aria-hidden="true" />
            {words.parent}
          </li>
        ) : undefined}
        {scene.critical < 2 ? undefined : (
          <li>
            <span class="line critical" aria-hidden="true" />
            {fill(words.critical, count(scene.critical, lang))}
          </li>
        )}
      </ul>
      <p class="quiet">
        {fill(words.summary, count(scene.total, lang))}
        {hidden > 0 ? ` · ${fill(words.partly, count(hidden, lang))}` : ''}
        {scene.kind === 'tasks' ? <span class="help"> · {words.help}</span> : undefined}
      </p>
    </div>
  );
}
