import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { AnswerForm } from '../kit/answer-form.tsx';
import { Button } from '../kit/button.tsx';
import { useKeptFocus } from '../kit/focus.ts';
import type { OutputOf } from '../kit/protocol.ts';
import type { ApprovalsProtocol, Card, Words } from './protocol.ts';
import { RejectForm } from './reject-form.tsx';
import { answer, answers, channel, decide, reasons, report, setAnswer, setReason, trusted } from './state.ts';

interface FooterProps {
  readonly card: Card;
  readonly words: Words;
  readonly busy: boolean;
  readonly labelledBy: string;
}

/** The choices of a card, the form for a rejection, or the rule to confirm. */
export function CardFooter({ card, words, busy, labelledBy }: FooterProps): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const keepFocus = useKeptFocus(root);
  const [remembering, setRemembering] = useState(false);
  const reason = reasons.value[card.key];
  const wasBusy = useRef(busy);
  useEffect(() => {
    // After a failed decision the person reads the rule again before it is saved.
    if (wasBusy.current && !busy) setRemembering(false);
    wasBusy.current = busy;
  }, [busy]);

  const back = (): void => {
    keepFocus();
    setRemembering(false);
    setReason(card.key, undefined);
  };
  const reject = (): void => {
    setReason(card.key, '');
    // A key on the card gets here, too: the person continues to type.
    requestAnimationFrame(() => root.current?.querySelector('textarea')?.focus());
  };
  const remember = (): void => {
    keepFocus();
    setRemembering(true);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would add a frame and a legend.
    <div ref={root} class="footer" role="group" aria-labelledby={labelledBy}>
      {reason !== undefined ? (
        <RejectForm
          words={words}
          label={words.rejectNow}
          reason={reason}
          change={(text) => setReason(card.key, text)}
          back={back}
          send={() => {
            keepFocus();
            setReason(card.key, undefined);
            void decide([card.key], 'reject', { reason });
          }}
        />
      ) : remembering ? (
        <RuleForm card={card} words={words} back={back} />
      ) : (
        <Choices card={card} words={words} busy={busy} reject={reject} remember={remember} />
      )}
    </div>
  );
}

interface ChoicesProps extends Omit<FooterProps, 'labelledBy'> {
  reject(): void;
  remember(): void;
}

function Choices({ card, words, busy, reject, remember }: ChoicesProps): JSX.Element {
  const { key, kind } = card;
  const allowing = { busy, disabled: !trusted.value };
  const locked = trusted.value ? undefined : words.restricted;
  const others = (
    <>
      <Button look="secondary" title={words.rejectKeys} keys="R" action="reject" busy={busy} press={reject}>
        {words.reject}
      </Button>
      {kind === 'tool' ? (
        <>
          <Button look="secondary" title={locked} press={() => void decide([key], 'approveForTask')} {...allowing}>
            {words.approveForTask}
          </Button>
          <Button look="secondary" title={locked} press={remember} {...allowing}>
            {words.remember}
          </Button>
        </>
      ) : undefined}
      <Button
        look="link"
        title={words.openKeys}
        keys="O"
        action="open"
        press={() => void channel.request('open', { key }).catch(report)}
      >
        {words.open}
      </Button>
    </>
  );
  if (kind === 'feedback') {
    return (
      <AnswerForm
        send={words.answer}
        optional={words.optional}
        fields={card.fields}
        values={answers.value[key] ?? {}}
        locked={locked}
        change={(values) => setAnswer(key, values)}
        submit={() => answer(key)}
      >
        {others}
      </AnswerForm>
    );
  }
  return (
    <>
      <Button
        look="primary"
        title={locked ?? words.approveKeys}
        keys="Control+Enter Meta+Enter"
        action="approve"
        press={() => void decide([key], 'approve')}
        {...allowing}
      >
        {words.approve}
      </Button>
      {others}
    </>
  );
}

/** Shows the rule before it is saved. */
function RuleForm({ card, words, back }: { readonly card: Card; readonly words: Words; back(): void }): JSX.Element {
  const [rule, setRule] = useState<OutputOf<ApprovalsProtocol, 'rule'> | undefined>(undefined);
  useEffect(() => {
    channel.request('rule', { key: card.key }).then(setRule, (error: unknown) => {
      report(error);
      back();
    });
  }, [card.key]);
  return (
    <>
      <p class="rule" role="status">
        {rule === undefined ? '…' : (rule.text ?? rule.reason)}
      </p>
      {rule?.text === undefined ? undefined : (
        <Button
          look="primary"
          disabled={!trusted.value}
          press={() => void decide([card.key], 'remember', { shown: rule.shown })}
        >
          {words.writeRule}
        </Button>
      )}
      <Button look="secondary" press={back}>
        {words.back}
      </Button>
    </>
  );
}
