import type { ComponentChildren, JSX } from 'preact';

interface ScrollTextProps {
  readonly class: string;
  readonly children: ComponentChildren;
  /** The accessible name, or the id of the element that has it. */
  readonly label?: string;
  readonly labelledBy?: string;
}

/** A preformatted text that may scroll, so it can have the focus and a screen reader names it. */
export function ScrollText({ class: name, label, labelledBy, children }: ScrollTextProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a person scrolls it by keyboard.
    <pre class={name} tabIndex={0} role="group" aria-label={label} aria-labelledby={labelledBy}>
      {children}
    </pre>
  );
}
