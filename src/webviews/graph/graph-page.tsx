import type { JSX } from 'preact';
import { LiveRegion } from '../kit/live-region.tsx';
import { GraphCanvas } from './graph-canvas.tsx';
import { GraphTree } from './graph-tree.tsx';
import { Legend } from './legend.tsx';
import type { GraphWords } from './protocol.ts';
import { fitAll, pan, zoom } from './reveal.ts';
import { failure, loaded, spoken } from './state.ts';
import { SelectionBar, Toolbar } from './toolbar.tsx';

const PAN = 0.2;

/** Keys of the whole page, outside of fields. */
const keys: Readonly<Record<string, () => void>> = {
  '+': () => zoom('in'),
  '=': () => zoom('in'),
  '-': () => zoom('out'),
  '0': fitAll,
};
const panKeys: Readonly<Record<string, () => void>> = {
  ArrowLeft: () => pan(-PAN, 0),
  ArrowRight: () => pan(PAN, 0),
  ArrowUp: () => pan(0, -PAN),
  ArrowDown: () => pan(0, PAN),
};

/** Dependencies and parents of tasks as a picture, with a tree of the same content beside it. */
export function GraphPage({ words }: { readonly words: GraphWords }): JSX.Element {
  const data = loaded.value;
  const scene = data?.scene;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts for the picture, each also a button.
    <div
      class="page"
      onKeyDown={(event) => {
        const { target, altKey, ctrlKey, metaKey, key } = event;
        if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement || ctrlKey || metaKey) return;
        const act = altKey ? panKeys[key] : keys[key];
        if (act === undefined) return;
        event.preventDefault();
        act();
      }}
    >
      {data === undefined ? undefined : <Toolbar words={words} data={data} />}
      <p class={failure.value === '' ? 'status' : 'status failed'} role="status">
        {failure.value}
      </p>
      <LiveRegion text={spoken.value} />
      {data !== undefined && (scene === null || scene?.nodes.length === 0) ? (
        <p class="empty">{words.empty}</p>
      ) : undefined}
      {data === undefined || scene === null || scene === undefined || scene.nodes.length === 0 ? undefined : (
        <>
          <div class="beside">
            <GraphCanvas words={words} />
            <GraphTree words={words} />
          </div>
          <SelectionBar words={words} data={data} />
          <Legend words={words} scene={scene} />
        </>
      )}
    </div>
  );
}
