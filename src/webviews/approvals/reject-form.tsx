import type { JSX, TargetedKeyboardEvent } from 'preact';
import { Button } from '../kit/button.tsx';
import type { Words } from './protocol.ts';

interface RejectProps {
  readonly words: Words;
  /** The text of the button that rejects. */
  readonly label: string;
  readonly reason: string;
  change(reason: string): void;
  send(): void;
  back(): void;
}

/** Asks for the reason of a rejection. Ctrl+Enter rejects, Escape returns. */
export function RejectForm({ words, label, reason, change, send, back }: RejectProps): JSX.Element {
  const press = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
    if (event.key === 'Escape') back();
  };
  return (
    <>
      <textarea
        rows={2}
        maxLength={10_000}
        value={reason}
        placeholder={words.reason}
        aria-label={words.reason}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={press}
      />
      <Button look="primary" press={send}>
        {label}
      </Button>
      <Button look="secondary" press={back}>
        {words.back}
      </Button>
    </>
  );
}
