import type { JSX } from 'preact';

/** Announces its text to a screen reader without showing it. It stays in the page, or its first text is not announced. */
export function LiveRegion({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class="spoken" role="status">
      {text}
    </p>
  );
}
