import type { JSX } from 'preact';
import type { TaskModel } from './protocol.ts';

/** The spent share of each limit, of the task and of its parents. */
export function Limits({ model }: { readonly model: TaskModel }): JSX.Element {
  return (
    <>
      {model.limits.map(({ text, share }) => (
        <div key={text} class="limit">
          <span>{text}</span>
          {share === null ? undefined : <Bar name={text} share={share} />}
        </div>
      ))}
    </>
  );
}

function Bar({ name, share }: { readonly name: string; readonly share: number }): JSX.Element {
  const percent = Math.round(share * 100);
  return (
    // biome-ignore lint/a11y/useSemanticElements: no theme variable reaches the parts of a meter element.
    <div class="bar" role="meter" aria-label={name} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <div class={share >= 0.8 ? 'spent high' : 'spent'} style={{ width: `${percent}%` }} />
    </div>
  );
}
