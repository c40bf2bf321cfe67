import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

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
    // The editor may have it by now, and its boxes close when they lose it.
    if (!document.hasFocus()) return;
    container.current?.querySelector<HTMLElement>('textarea, button:not(:disabled)')?.focus();
  });
  return () => {
    held.current = container.current?.contains(document.activeElement) === true;
  };
}

/**
 * Returns the focus to the element that had it last: the browser drops it when a dialog of the editor takes the focus of the
 * page, and when a change removes a button. In place of an element that is gone, the first button of the container gets it.
 */
export function useRestoredFocus(container: RefObject<HTMLElement | null>): void {
  const last = useRef<Element | null>(null);
  const restore = (): void => {
    if (last.current === null || !document.hasFocus() || hasVisibleFocus()) return;
    const isUsable = last.current.isConnected && !last.current.matches(':disabled');
    const next = isUsable ? last.current : container.current?.querySelector('button:enabled');
    if (next instanceof HTMLElement) next.focus();
  };
  useLayoutEffect(restore);
  useEffect(() => {
    const remember = ({ target }: Event): void => {
      // A press beside all buttons drops the focus on purpose.
      last.current = target instanceof Element ? target.closest('button, [tabindex]') : null;
    };
    document.addEventListener('focusin', remember);
    document.addEventListener('pointerdown', remember);
    window.addEventListener('focus', restore);
    return () => {
      document.removeEventListener('focusin', remember);
      document.removeEventListener('pointerdown', remember);
      window.removeEventListener('focus', restore);
    };
  }, []);
}
