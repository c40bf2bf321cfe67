import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { mentionAt, withMention } from './mention.ts';
import type { NewTaskWords } from './protocol.ts';
import { channel } from './state.ts';

interface MentionTextProps {
  readonly words: NewTaskWords;
  readonly label: string;
  readonly value: string;
  change(value: string): void;
  submit(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void;
}

/** A text in which `@` offers the files of the folder. */
export function MentionText({ words, label, value, change, submit }: MentionTextProps): JSX.Element {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [paths, setPaths] = useState<readonly string[]>([]);
  const [active, setActive] = useState(0);
  const search = (): void => {
    const area = field.current;
    const mention = area === null ? undefined : mentionAt(area.value, area.selectionStart);
    if (mention === undefined) {
      setPaths([]);
      return;
    }
    channel.request('files', { query: mention.query }).then(
      (reply) => {
        // The person has typed on since.
        if (area === null || mentionAt(area.value, area.selectionStart)?.query !== mention.query) return;
        setActive(0);
        setPaths(reply.paths);
      },
      () => setPaths([]),
    );
  };
  const choose = (path: string | undefined): void => {
    const area = field.current;
    setPaths([]);
    if (area === null || path === undefined) return;
    const next = withMention(area.value, area.selectionStart, path);
    area.value = next.text;
    change(next.text);
    area.setSelectionRange(next.position, next.position);
    area.focus();
  };
  const press = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): void => {
    const last = paths.length - 1;
    if (last < 0 || event.isComposing || event.ctrlKey || event.metaKey) {
      submit(event);
      return;
    }
    if (event.key === 'ArrowDown') setActive(Math.min(last, active + 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(0, active - 1));
    else if (event.key === 'Enter' || event.key === 'Tab') choose(paths[active]);
    else if (event.key === 'Escape') setPaths([]);
    else return;
    event.preventDefault();
  };
  const open = paths.length > 0;
  return (
    <>
      <label for={id}>{label}</label>
      <textarea
        ref={field}
        id={id}
        rows={8}
        value={value}
        placeholder={words.mention}
        aria-autocomplete="list"
        aria-controls={open ? `${id}-files` : undefined}
        aria-activedescendant={open ? `${id}-${active}` : undefined}
        onInput={(event) => {
          change(event.currentTarget.value);
          search();
        }}
        onKeyDown={press}
        onBlur={() => setPaths([])}
      />
      <div id={`${id}-files`} class="mentions" role="listbox" aria-label={words.files} hidden={!open}>
        {paths.map((path, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the text field keeps the focus and names the active option.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text field handles the keys.
          <div
            key={path}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(path)}
          >
            {path}
          </div>
        ))}
      </div>
    </>
  );
}
