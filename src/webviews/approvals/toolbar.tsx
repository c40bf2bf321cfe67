import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { useKeptFocus } from '../kit/focus.ts';
import { fill } from '../kit/format.ts';
import type { Words } from './protocol.ts';
import { RejectForm } from './reject-form.tsx';
import { choosable, decide, select, selected, trusted } from './state.ts';

/** Decides several requests at once. Shown if there are at least two. */
export function Toolbar({ words }: { readonly words: Words }): JSX.Element {
  const keys = choosable.value.map(({ key }) => key);
  const some = selected.value.size > 0;
  return (
    <div class="toolbar" hidden={keys.length < 2}>
      <label>
        <input
          type="checkbox"
          checked={some && selected.value.size === keys.length}
          indeterminate={some && selected.value.size < keys.length}
          onChange={(event) => select(keys, event.currentTarget.checked)}
        />
        <span>{words.selectAll}</span>
      </label>
      {some ? <Selected words={words} /> : undefined}
    </div>
  );
}

function Selected({ words }: { readonly words: Words }): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const keepFocus = useKeptFocus(root);
  const [reason, setReason] = useState<string | undefined>(undefined);
  const count = selected.value.size;
  const change = (next: string | undefined): void => {
    keepFocus();
    setReason(next);
  };
  return (
    <div ref={root} class="footer">
      {reason === undefined ? (
        <>
          <Button look="primary" disabled={!trusted.value} press={() => void decide([...selected.peek()], 'approve')}>
            {fill(words.approveSelected, count)}
          </Button>
          <Button look="secondary" press={() => change('')}>
            {fill(words.rejectSelected, count)}
          </Button>
        </>
      ) : (
        <RejectForm
          words={words}
          label={fill(words.rejectSelectedNow, count)}
          reason={reason}
          change={setReason}
          back={() => change(undefined)}
          send={() => {
            void decide([...selected.peek()], 'reject', { reason });
            change(undefined);
          }}
        />
      )}
    </div>
  );
}
