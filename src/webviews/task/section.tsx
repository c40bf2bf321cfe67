import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

/** A titled part of the page. */
export function Section({ title, children }: { readonly title: string; children: ComponentChildren }): JSX.Element {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
