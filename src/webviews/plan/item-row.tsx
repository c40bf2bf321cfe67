import type { JSX, TargetedKeyboardEvent } from 'preact';
import { fill } from '../kit/format.ts';
import { agentOf, limitsText, titleOf } from './edited.ts';
import { MAX_TITLE_CHARS, type PlanRow, type PlanWords } from './protocol.ts';
import { check, collapsed, edit, selected, setChecked, setCollapsed, states } from './state.ts';

interface ItemRowProps {
  readonly words: PlanWords;
  readonly item: PlanRow;
  readonly position: number;
  /** From 1, among the rows that are not collapsed. */
  readonly rowIndex: number;
  readonly rowCount: number;
  readonly isParent: boolean;
  /** Handles the keys that move between titles. */
  press(event: TargetedKeyboardEvent<HTMLInputElement>): void;
}

const MAX_INDENT = 8;

/** One item: its checkbox, its title, and its agent and limits in short. */
export function ItemRow(props: ItemRowProps): JSX.Element {
  const { words, item, position, rowIndex, rowCount, isParent, press } = props;
  const { key, depth, group, change, score } = item;
  const state = states.value[position] ?? 'yes';
  const title = titleOf(item);
  const isCollapsed = collapsed.value.has(key);
  const faulty = check.value?.problems.some((problem) => problem.key === key) === true;
  const facts = [
    change,
    ...(score === undefined ? [] : [fill(words.score, `${Math.round(score * 100)} %`)]),
    group ? words.group : agentOf(item, words),
    limitsText(item, words),
  ].filter((fact) => fact !== '');
  return (
    <li
      class={`row${state === 'no' ? ' skipped' : ''}${faulty ? ' faulty' : ''}`}
      aria-posinset={rowIndex}
      aria-setsize={rowCount}
      aria-current={selected.value === position}
      data-row={position}
      onFocusCapture={() => {
        selected.value = position;
      }}
    >
      <span class="lead" style={{ paddingLeft: `${Math.min(depth, MAX_INDENT) * 16}px` }}>
        {isParent ? (
          <button
            type="button"
            class="twisty"
            tabIndex={-1}
            aria-expanded={!isCollapsed}
            aria-label={fill(isCollapsed ? words.expand : words.collapse, title)}
            onClick={() => setCollapsed(key, !isCollapsed)}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true" class={isCollapsed ? undefined : 'open'}>
              <path d="M6 3l5 5-5 5" fill="none" stroke="currentColor" stroke-width="1.4" />
            </svg>
          </button>
        ) : (
          <span class="twisty" />
        )}
        <input
          type="checkbox"
          aria-label={fill(words.include, title)}
          checked={state !== 'no'}
          indeterminate={state === 'partly'}
          onChange={({ currentTarget }) => setChecked(position, currentTarget.checked)}
        />
      </span>
      <span class="name">
        <input
          type="text"
          aria-label={words.title}
          aria-invalid={faulty || title.trim() === ''}
          maxLength={MAX_TITLE_CHARS}
          value={title}
          title={title}
          onInput={({ currentTarget }) => edit(key, { title: currentTarget.value })}
          onKeyDown={press}
        />
      </span>
      <span class="short muted" title={facts.join(' · ')}>
        {facts.join(' · ')}
      </span>
    </li>
  );
}
