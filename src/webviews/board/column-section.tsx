import type { JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { count, fill } from '../kit/format.ts';
import { CardItem } from './card-item.tsx';
import { drop } from './moves.ts';
import type { BoardColumn, BoardWords } from './protocol.ts';
import { current, dragged, lang, setWish, targets, wish } from './state.ts';

/** Cards of a column that "Show more" adds. */
const MORE = 100;

interface ColumnProps {
  readonly words: BoardWords;
  readonly column: BoardColumn;
  /** The Tab key reaches its first card if no card is the current one. */
  readonly first: boolean;
}

/** A column of cards, and the target of a drag. An empty one is a narrow strip. */
export function ColumnSection({ words, column, first }: ColumnProps): JSX.Element {
  const { key, name, count: total, cards } = column;
  const target = dragged.value === undefined || dragged.value.from === key ? undefined : targets.value?.get(key);
  const hidden = total - cards.length;
  const classes = [
    'column',
    ...(total === 0 ? ['thin'] : []),
    ...(target === undefined ? [] : [target.legal ? 'legal' : 'refused']),
  ];
  const at = current.value;
  return (
    <section
      class={classes.join(' ')}
      aria-label={`${name}, ${count(total, lang)}`}
      data-key={key}
      onDragOver={(event) => {
        if (target?.legal !== true) return;
        event.preventDefault();
        if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'move';
      }}
      onDrop={(event) => {
        event.preventDefault();
        drop(key);
      }}
    >
      <h2>
        <span class="name" title={name}>
          {name}
        </span>
        <span class="count">{count(total, lang)}</span>
      </h2>
      {target === undefined ? undefined : <p class="target">{target.text}</p>}
      {cards.length === 0 ? undefined : (
        <ul aria-label={name}>
          {cards.map((card, index) => (
            <CardItem
              key={card.id}
              words={words}
              card={card}
              column={key}
              reachable={at === undefined ? first && index === 0 : at.column === key && at.id === card.id}
            />
          ))}
          {hidden === 0 ? undefined : (
            <li class="more">
              <Button
                look="link"
                press={() => setWish({ limits: { ...wish.peek().limits, [key]: cards.length + MORE } })}
                label={`${fill(words.showMore, count(Math.min(MORE, hidden), lang))}, ${name}`}
              >
                {fill(words.showMore, count(Math.min(MORE, hidden), lang))}
              </Button>
              <span class="muted">{fill(words.notShown, count(hidden, lang))}</span>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
