import type { ComponentChildren, JSX } from 'preact';

/** A button as VS Code draws it. `busy` keeps the focus, which disabling would drop. */
export interface ButtonProps {
  readonly look: 'primary' | 'secondary' | 'link';
  readonly press: () => void;
  readonly children: ComponentChildren;
  readonly disabled?: boolean;
  readonly busy?: boolean;
  readonly title?: string | undefined;
  /** Keys that do the same, in the syntax of `aria-keyshortcuts`. */
  readonly keys?: string;
  /** Names the action for the keyboard handler of the element around it. */
  readonly action?: string;
}

export function Button({ look, press, children, disabled, busy, title, keys, action }: ButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={look}
      disabled={disabled === true}
      aria-disabled={busy === true}
      title={title}
      aria-keyshortcuts={keys}
      data-action={action}
      onClick={press}
    >
      {children}
    </button>
  );
}
