import type { ComponentChildren, JSX } from 'preact';

/** A button as VS Code draws it. `busy` keeps the focus, which disabling would drop. */
export interface ButtonProps {
  readonly look: 'primary' | 'secondary' | 'link';
  /** Missing for a button that submits its form. */
  readonly press?: () => void;
  readonly children: ComponentChildren;
  readonly disabled?: boolean;
  readonly busy?: boolean;
  readonly title?: string | undefined;
  /** The accessible name, for a sign, or a text that is clear only beside its heading. */
  readonly label?: string;
  /** Keys that do the same, in the syntax of `aria-keyshortcuts`. */
  readonly keys?: string;
  /** Names the action for the keyboard handler of the element around it. */
  readonly action?: string;
}

export function Button({
  look,
  press,
  children,
  disabled,
  busy,
  title,
  label,
  keys,
  action,
}: ButtonProps): JSX.Element {
  return (
    <button
      type={press === undefined ? 'submit' : 'button'}
      class={look}
      disabled={disabled === true}
      aria-disabled={busy === true}
      title={title}
      aria-label={label}
      aria-keyshortcuts={keys}
      data-action={action}
      onClick={press}
    >
      {children}
    </button>
  );
}
