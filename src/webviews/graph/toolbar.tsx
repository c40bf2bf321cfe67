import type { JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { count, fill } from '../kit/format.ts';
import type { GraphWords, Loaded } from './protocol.ts';
import { fitAll, reveal, zoom } from './reveal.ts';
import { act, channel, found, index, lang, open, query, selected, setFilter } from './state.ts';

interface ToolbarProps {
  readonly words: GraphWords;
  readonly data: Loaded;
}

/** Chooses the shown tasks, searches and zooms. */
export function Toolbar({ words, data }: ToolbarProps): JSX.Element {
  const { folders, projects, loose, filter, scopeName, scene } = data;
  const narrowed = filter.task !== '' || filter.phase !== '';
  return (
    <div class="toolbar">
      {folders.length < 2 ? undefined : (
        <select
          aria-label={words.folder}
          value={filter.folder}
          onChange={({ currentTarget }) => setFilter({ folder: currentTarget.value, project: '', phase: '', task: '' })}
        >
          {folders.map(({ path, name }) => (
            <option key={path} value={path}>
              {name}
            </option>
          ))}
        </select>
      )}
      <select
        aria-label={words.project}
        value={filter.project}
        onChange={({ currentTarget }) =>
          setFilter({ project: currentTarget.value, phase: '', task: '', detail: 'auto' })
        }
      >
        <option value="">{words.allProjects}</option>
        {projects.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
        {loose && projects.length > 0 ? <option value="-">{words.noProject}</option> : undefined}
      </select>
      {narrowed ? (
        <>
          <span class="scope">{scopeName}</span>
          <Button look="secondary" press={() => setFilter({ phase: '', task: '', detail: 'auto' })}>
            {words.back}
          </Button>
        </>
      ) : undefined}
      {scene?.canSwitch === true ? (
        <Button look="secondary" press={() => setFilter({ detail: scene.kind === 'tasks' ? 'clusters' : 'tasks' })}>
          {scene.kind === 'tasks' ? words.showClusters : words.showTasks}
        </Button>
      ) : undefined}
      <Search words={words} />
      <span class="zoom">
        <Button look="secondary" press={() => zoom('out')} title={words.zoomOut} label={words.zoomOut}>
          −
        </Button>
        <Button look="secondary" press={() => zoom('in')} title={words.zoomIn} label={words.zoomIn}>
          +
        </Button>
        <Button look="secondary" press={fitAll}>
          {words.fit}
        </Button>
      </span>
      <span class="export">
        <Button look="link" press={() => act(channel.request('exportPicture', { filter, format: 'svg' }))}>
          {words.exportSvg}
        </Button>
        <Button look="link" press={() => act(channel.request('exportPicture', { filter, format: 'png' }))}>
          {words.exportPng}
        </Button>
      </span>
    </div>
  );
}

function Search({ words }: { readonly words: GraphWords }): JSX.Element {
  const matches = found.value;
  const next = (step: number): void => {
    const numbers = [...(found.peek() ?? [])].sort((a, b) => a - b);
    if (numbers.length === 0) return;
    const at = numbers.indexOf(selected.peek() ?? -1);
    const number = numbers[(at + step + numbers.length) % numbers.length];
    selected.value = number;
    if (number !== undefined) reveal(number);
  };
  return (
    <span class="search">
      <input
        type="search"
        placeholder={words.search}
        aria-label={words.search}
        value={query.value}
        onInput={({ currentTarget }) => {
          query.value = currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') next(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') query.value = '';
        }}
      />
      <span role="status">
        {matches === undefined
          ? ''
          : matches.size === 0
            ? words.noMatch
            : matches.size === 1
              ? words.match
              : fill(words.matches, count(matches.size, lang))}
      </span>
    </span>
  );
}

/** The actions of the selected task: also what dragging does. */
export function SelectionBar({ words, data }: ToolbarProps): JSX.Element | null {
  const node = selected.value === undefined ? undefined : index.value?.byNumber.get(selected.value);
  if (node === undefined) return null;
  const { folder } = data.filter;
  const choose = (change: 'add' | 'remove'): void =>
    act(channel.request('chooseDependency', { folder, task: node.id, change }));
  return (
    <div class="selection" role="toolbar" aria-label={node.label}>
      <span class="name">{node.label}</span>
      <Button look="primary" press={() => open(node.number)}>
        {words.open}
      </Button>
      {node.id === '' ? undefined : (
        <>
          <Button look="secondary" press={() => choose('add')}>
            {words.addDependency}
          </Button>
          <Button look="secondary" press={() => choose('remove')}>
            {words.removeDependency}
          </Button>
          {data.filter.task === node.id ? undefined : (
            <Button look="secondary" press={() => setFilter({ task: node.id, project: '', phase: '', detail: 'auto' })}>
              {words.neighbourhood}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
