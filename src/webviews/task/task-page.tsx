import type { ComponentChildren, JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { EditableText } from './editable-text.tsx';
import { LogView } from './log-view.tsx';
import type { TaskModel, TaskWords } from './protocol.ts';
import { Requests } from './requests.tsx';
import { Section } from './section.tsx';
import { channel, gone, outcome, pinned, report, task } from './state.ts';

interface Props {
  readonly words: TaskWords;
  readonly model: TaskModel;
}

/** The details of one task and its actions. */
export function TaskPage({ words }: { readonly words: TaskWords }): JSX.Element {
  const model = task.value;
  const { text, failed } = outcome.value;
  if (gone.value) return <p class="empty">{words.gone}</p>;
  return (
    <>
      {model === undefined ? undefined : <Head words={words} model={model} />}
      <p class={failed ? 'status failed' : 'status'} role="status">
        {text}
      </p>
      {model === undefined ? undefined : (
        <>
          <Requests words={words} model={model} />
          <EditableText key={`${model.id} d`} words={words} field="description" value={model.description} />
          <EditableText key={`${model.id} i`} words={words} field="instructions" value={model.instructions} />
          <List title={words.acceptance} items={model.acceptance} />
          <Facts model={model} />
          <Limits words={words} model={model} />
          <Related title={words.parts} tasks={model.parts} />
          <Related title={words.dependencies} tasks={model.dependencies} />
          <LogView words={words} />
          <Executions words={words} model={model} />
          <History words={words} model={model} />
        </>
      )}
    </>
  );
}

function Head({ words, model }: Props): JSX.Element {
  const pin = (): void => {
    channel.request('pin', {}).then(() => {
      pinned.value = true;
    }, report);
  };
  return (
    <header>
      <EditableText key={`${model.id} t`} words={words} field="title" value={model.title} prefix={`#${model.number}`} />
      <p class="situation">
        <strong>{model.status}</strong>
        {model.reason === '' ? undefined : ` · ${model.reason}`}
      </p>
      {model.error === undefined ? undefined : <p class="status failed">{model.error}</p>}
      <div class="footer">
        {model.buttons.map(({ action, label, primary }) => (
          <Button
            key={action}
            look={primary ? 'primary' : 'secondary'}
            press={() => void channel.request('act', { action }).catch(report)}
          >
            {label}
          </Button>
        ))}
        <Button look="link" disabled={pinned.value} press={pin}>
          {pinned.value ? words.pinned : words.pin}
        </Button>
      </div>
    </header>
  );
}

function List({ title, items }: { readonly title: string; readonly items: readonly string[] }): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <Section title={title}>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </Section>
  );
}

function Facts({ model }: { readonly model: TaskModel }): JSX.Element {
  return (
    <dl class="facts">
      {model.facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Limits({ words, model }: Props): JSX.Element | null {
  if (model.limits.length === 0) return null;
  return (
    <Section title={words.limits}>
      {model.limits.map(({ text, share }) => (
        <div key={text} class="limit">
          <span>{text}</span>
          {share === null ? <span>{words.unknown}</span> : <Bar name={text} share={share} />}
        </div>
      ))}
    </Section>
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

function Related({ title, tasks }: { readonly title: string; readonly tasks: TaskModel['parts'] }): JSX.Element | null {
  if (tasks.length === 0) return null;
  return (
    <Section title={title}>
      <ul class="plain">
        {tasks.map(({ id, label, status }) => (
          <li key={id}>
            <Button look="link" press={() => void channel.request('openTask', { task: id }).catch(report)}>
              {label}
            </Button>
            <span class="muted">{status}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Executions({ words, model }: Props): JSX.Element | null {
  if (model.executions.length === 0) return null;
  return (
    <Section title={words.executions}>
      <Table head={[words.started, words.agent, words.outcome, words.spend]}>
        {model.executions.map(({ started, agent, outcome: end, spend, error }) => (
          <tr key={started}>
            <td>{started}</td>
            <td>{agent}</td>
            <td>{error === undefined ? end : `${end}: ${error}`}</td>
            <td>{spend}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function History({ words, model }: Props): JSX.Element | null {
  if (model.history.length === 0) return null;
  return (
    <Section title={words.history}>
      <Table head={[words.when, words.change, words.reason]}>
        {model.history.map(({ at, change, reason }, index) => (
          <tr key={index}>
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
  );
}
