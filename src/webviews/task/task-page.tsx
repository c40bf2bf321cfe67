import type { JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { Facts } from '../kit/facts.tsx';
import { Mark } from '../kit/mark.tsx';
import { ChangedFiles } from './changed-files.tsx';
import { Checkpoints } from './checkpoints.tsx';
import { EditableText } from './editable-text.tsx';
import { Estimate } from './estimate.tsx';
import { Limits } from './limits.tsx';
import { LogView } from './log-view.tsx';
import type { TaskModel, TaskWords } from './protocol.ts';
import { RelatedTasks } from './related-tasks.tsx';
import { Requests } from './requests.tsx';
import { Section } from './section.tsx';
import { change, channel, gone, outcome, pin, pinned, report, task } from './state.ts';
import { Executions, History } from './tables.tsx';

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
      {model === undefined ? undefined : <Body words={words} model={model} />}
    </>
  );
}

function Body({ words, model }: Props): JSX.Element {
  const { id, related } = model;
  const [parts, ...others] = related;
  return (
    <div class="columns">
      <div class="column">
        <Requests words={words} model={model} />
        <EditableText key={`${id} d`} words={words} field="description" model={model} />
        <EditableText key={`${id} i`} words={words} field="instructions" model={model} />
        <EditableText key={`${id} a`} words={words} field="acceptance" model={model} />
        {parts === undefined ? undefined : <RelatedTasks words={words} related={parts} />}
        <ChangedFiles words={words} model={model} />
        <LogView words={words} />
      </div>
      <aside class="column">
        {model.groups.map(({ title, facts }, index) => (
          <Section key={title} title={title}>
            <Facts edit={words.edit} facts={facts} change={change} />
            {index === 1 ? <Limits model={model} /> : undefined}
          </Section>
        ))}
        {others.map((each) => (
          <RelatedTasks key={each.title} words={words} related={each} />
        ))}
        <Estimate key={`${id} e`} words={words} />
      </aside>
      <div class="column wide">
        <Executions words={words} model={model} />
        <Checkpoints words={words} model={model} />
        <History words={words} model={model} />
      </div>
    </div>
  );
}

function Head({ words, model }: Props): JSX.Element {
  return (
    <header>
      <EditableText key={`${model.id} t`} words={words} field="title" model={model} />
      <p class="situation">
        <strong class="state">
          <Mark shapes={words.marks} mark={model.mark} />
          {model.status}
        </strong>
        {model.reason === '' ? undefined : <span>{model.reason}</span>}
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
