import type { JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { count, fill } from '../kit/format.ts';
import { Mark } from '../kit/mark.tsx';
import { actedOn, endDrag, startDrag } from './moves.ts';
import type { BoardWords, Card } from './protocol.ts';
import { act, board, channel, current, dragged, lang, moving, selected } from './state.ts';

interface CardProps {
  readonly words: BoardWords;
  readonly card: Card;
  readonly column: string;
  /** True if the Tab key reaches this card. */
  readonly reachable: boolean;
}

/** A task as a card. The keys of the card are those of the board around it. */
export function CardItem({ words, card, column, reachable }: CardProps): JSX.Element {
  const { id, number, title, agent, mark, words: standing, urgency, parts, spend, changes, action } = card;
  const folder = board.value?.wish.folder ?? '';
  const isSelected = selected.value.has(id);
  const classes = [
    'card',
    ...(isSelected ? ['selected'] : []),
    ...(moving.value.has(id) ? ['moving'] : []),
    ...(dragged.value?.ids.includes(id) === true ? ['dragged'] : []),
  ];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the board handles the keys of all cards.
    <li
      class={classes.join(' ')}
      tabIndex={reachable ? 0 : -1}
      draggable
      data-id={id}
      data-column={column}
      data-vscode-context={contextOf(card, folder, isSelected)}
      aria-label={`${card.spoken}${isSelected ? `, ${words.isSelected}` : ''}`}
      onFocus={() => {
        current.value = { column, id };
      }}
      onClick={({ ctrlKey, metaKey, target }) => {
        if (target instanceof Element && target.closest('button') !== null) return;
        if (ctrlKey || metaKey) toggle(id);
        else act(channel.request('openTask', { folder, task: id }));
      }}
      onDragStart={({ dataTransfer }) => {
        if (dataTransfer !== null) {
          dataTransfer.effectAllowed = 'move';
          dataTransfer.setData('text/plain', `#${number} ${title}`);
        }
        startDrag(column, id);
      }}
      onDragEnd={endDrag}
    >
      <div class="line">
        <span class="number">#{number}</span>
        {urgency === null ? undefined : <span class={`urgency ${urgency.level}`}>{urgency.name}</span>}
        <span class="agent" title={agent}>
          {agent}
        </span>
      </div>
      <p class="title" title={title}>
        {title}
      </p>
      <p class="standing">
        <Mark shapes={words.marks} mark={mark} />
        <span class="reason" title={standing}>
          {[...(parts === null ? [] : [parts]), standing].join(' · ')}
        </span>
      </p>
      {spend === null || spend.share === null ? undefined : (
        <progress
          class={spend.share >= 0.8 ? 'high' : undefined}
          max={1}
          value={spend.share}
          aria-label={words.spent}
        />
      )}
      {spend === null && changes === null && action === null ? undefined : (
        <div class="line foot">
          <span class="facts">
            {spend === null ? undefined : <span>{spend.text}</span>}
            {changes === null ? undefined : (
              <span>
                {changes.files} <span class="added">+{count(changes.added, lang)}</span>{' '}
                <span class="deleted">−{count(changes.deleted, lang)}</span>
              </span>
            )}
          </span>
          {action === null ? undefined : (
            <Button
              look="secondary"
              label={`${action.label} #${number}`}
              press={() => act(channel.request('act', { folder, task: id, action: action.name }))}
            >
              {action.label}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

/** Adds a task to the selection, or removes it. */
export function toggle(id: string): void {
  const next = new Set(selected.peek());
  if (!next.delete(id)) next.add(id);
  selected.value = next;
}

/** The tasks and their actions for the context menu of the editor. An action on one task takes the first one. */
function contextOf(card: Card, folder: string, isSelected: boolean): string {
  const tasks = actedOn(card.id);
  const flags = isSelected
    ? (board.value?.columns ?? [])
        .flatMap(({ cards }) => cards.filter(({ id }) => selected.value.has(id)).map((each) => each.flags))
        .join(' ')
    : card.flags;
  return JSON.stringify({ webviewSection: 'card', folder, tasks, flags, preventDefaultContextMenuItems: true });
}

/** `12 selected`. */
export function selectionText(words: BoardWords): string {
  const { size } = selected.value;
  return size === 0 ? '' : fill(words.selected, count(size, lang));
}
