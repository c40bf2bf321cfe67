import type { ComponentChildren, JSX } from 'preact';
import type { TaskModel, TaskWords } from './protocol.ts';
import { Section } from './section.tsx';

interface Props {
  readonly words: TaskWords;
  readonly model: TaskModel;
}

/** The attempts at the task, the latest first. */
export function Executions({ words, model }: Props): JSX.Element | null {
  if (model.executions.length === 0) return null;
  const head = [words.started, words.agent, words.outcome, words.duration, words.spend, words.session];
  return (
    <Section title={words.executions}>
      <Table head={head}>
        {model.executions.map(({ started, agent, outcome, duration, spend, session, error }, index) => (
          <tr key={model.executions.length - index}>
            <td>{started}</td>
            <td>{agent}</td>
            <td>{error === undefined ? outcome : `${outcome}: ${error}`}</td>
            <td>{duration}</td>
            <td>{spend}</td>
            <td>
              <code>{session}</code>
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

/** The changes of the task with who made them, the latest first. */
export function History({ words, model }: Props): JSX.Element | null {
  if (model.history.length === 0) return null;
  return (
    <Section title={words.history}>
      <Table head={[words.when, words.changed, words.reason]}>
        {model.history.map(({ at, change, reason }, index) => (
          <tr key={model.history.length - index}>
            <td>{at}</td>
            <td>{change}</td>
            <td>{reason}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function Table({ head, children }: { readonly head: readonly string[]; children: ComponentChildren }): JSX.Element {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
