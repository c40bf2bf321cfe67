import type { JSX } from 'preact';

/**
 * Announces its text to a screen reader without displaying it. The element stays in the page, because a new element's
 * first text is not announced.
 */
export function LiveRegion({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class="spoken" role="status">
      {text}
    </p>
  );
}
