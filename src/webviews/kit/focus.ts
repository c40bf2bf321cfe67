import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Whether an element that a person can see has the focus. */
export function hasVisibleFocus(): boolean {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && activeElement !== document.body && activeElement.checkVisibility();
}

/**
 * Keeps the focus inside a container whose content is replaced. Call the returned function before the change: if the
 * focus is inside then, it moves to the first field or button of the new content.
 */
export function useKeptFocus(container: RefObject<HTMLElement | null>): () => void {
  const held = useRef(false);
  useLayoutEffect(() => {
    if (!held.current) return;
    held.current = false;
    container.current?.querySelector<HTMLElement>('textarea, button:not(:disabled)')?.focus();
  });
  return () => {
    held.current = container.current?.contains(document.activeElement) === true;
  };
}
