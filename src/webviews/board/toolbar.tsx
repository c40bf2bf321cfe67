import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { selectionText } from './card-item.tsx';
import { type Board, type BoardWords, wishSchema } from './protocol.ts';
import { act, channel, filterText, selected, setWish, wish } from './state.ts';

const TYPING_MS = 200;

/** Chooses folder, columns and tasks, and plays the queue. */
export function Toolbar({ words, data }: { readonly words: BoardWords; readonly data: Board }): JSX.Element {
  const { folders, playing, trusted } = data;
  const { folder } = data.wish;
  return (
    <div class="toolbar">
      {folders.length < 2 ? undefined : (
        <select
          aria-label={words.folder}
          value={folder}
          onChange={({ currentTarget }) => setWish({ folder: currentTarget.value, limits: {} })}
        >
          {folders.map(({ path, name }) => (
            <option key={path} value={path}>
              {name}
            </option>
          ))}
        </select>
      )}
      <label>
        <span class="field">{words.group}</span>
        <select
          aria-label={words.group}
          value={wish.value.group}
          onChange={({ currentTarget }) => {
            const group = wishSchema.shape.group.safeParse(currentTarget.value).data;
            if (group !== undefined) setWish({ group, limits: {} });
          }}
        >
          {words.groups.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <FilterBox words={words} />
      {selected.value.size === 0 ? undefined : (
        <Button
          look="link"
          title={words.clearSelection}
          press={() => {
            selected.value = new Set();
          }}
        >
          {selectionText(words)} ✕
        </Button>
      )}
      <span class="actions">
        {folder === '' || !(trusted || playing) ? undefined : (
          <Button look="secondary" press={() => act(channel.request('setPlaying', { folder, playing: !playing }))}>
            {playing ? words.pause : words.play}
          </Button>
        )}
        {trusted ? (
          <Button look="primary" press={() => act(channel.request('newTask', {}))}>
            {words.newTask}
          </Button>
        ) : undefined}
      </span>
    </div>
  );
}

function FilterBox({ words }: { readonly words: BoardWords }): JSX.Element {
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  return (
    <input
      type="search"
      placeholder={words.filter}
      aria-label={words.filter}
      title={words.filter}
      maxLength={1_000}
      value={filterText.value}
      onInput={({ currentTarget }) => {
        filterText.value = currentTarget.value;
        clearTimeout(typing.current);
        typing.current = setTimeout(() => setWish({ filter: filterText.peek().trim(), limits: {} }), TYPING_MS);
      }}
    />
  );
}
