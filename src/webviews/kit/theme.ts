import { signal } from '@preact/signals';

/** Advances when the editor changes its theme, so that canvases are drawn again. */
export const themeVersion = signal(0);

new MutationObserver(() => {
  themeVersion.value += 1;
}).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });

/** The current value of the first theme variable that the theme defines. Needed by canvases, which do not read CSS. */
export function themeColor(...variables: readonly string[]): string {
  const style = getComputedStyle(document.documentElement);
  for (const variable of variables) {
    const value = style.getPropertyValue(variable).trim();
    if (value !== '') return value;
  }
  return style.color;
}
