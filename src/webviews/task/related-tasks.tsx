import type { JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { fill } from '../kit/format.ts';
import { Mark } from '../kit/mark.tsx';
import type { Related, TaskWords } from './protocol.ts';
import { Section } from './section.tsx';
import { change, channel, report } from './state.ts';

interface RelatedProps {
  readonly words: TaskWords;
  readonly related: Related;
}

/** A list or tree of other tasks, which open on a press. */
export function RelatedTasks({ words, related }: RelatedProps): JSX.Element | null {
  const { title, field, tasks, more } = related;
  if (tasks.length === 0 && field === undefined) return null;
  return (
    <Section
      title={title}
      action={
        field === undefined ? undefined : (
          <Button look="link" label={fill(words.edit, title)} press={() => change(field)}>
            {words.change}
          </Button>
        )
      }
    >
      {tasks.length === 0 ? <p class="muted">{words.none}</p> : undefined}
      <Tree words={words} tasks={tasks} />
      {more === 0 ? undefined : <p class="muted">{fill(words.more, more)}</p>}
    </Section>
  );
}

interface TreeProps {
  readonly words: TaskWords;
  readonly tasks: Related['tasks'];
}

/** Tasks with those below them as nested lists, which a screen reader announces with their levels. */
function Tree({ words, tasks }: TreeProps): JSX.Element | null {
  const [first] = tasks;
  if (first === undefined) return null;
  const tops = tasks.flatMap(({ depth }, index) => (depth === first.depth ? [index] : []));
  return (
    <ul class="plain">
      {tops.map((top, index) => (
        <Branch key={tasks[top]?.id} words={words} tasks={tasks.slice(top, tops[index + 1])} />
      ))}
    </ul>
  );
}

function Branch({ words, tasks: [task, ...below] }: TreeProps): JSX.Element | null {
  if (task === undefined) return null;
  const { id, label, status, mark } = task;
  return (
    <li>
      <div class="related">
        <Button look="link" press={() => void channel.request('openTask', { task: id }).catch(report)}>
          {label}
        </Button>
        <span class="state">
          <Mark shapes={words.marks} mark={mark} />
          {status}
        </span>
      </div>
      <Tree words={words} tasks={below} />
    </li>
  );
}
