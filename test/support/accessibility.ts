import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { FrameLocator } from 'playwright-core';

/** The rules of WCAG 2.2 at level AA and the best practices of axe. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** A page of a document tab is one `main` of the window, which has the headings and landmarks around it. */
const PAGE_RULES = ['page-has-heading-one', 'landmark-one-main', 'region', 'document-title', 'bypass'];

/**
 * Checks a page in the window with axe, in its state and theme of that moment.
 *
 * @param ground the theme color that the editor paints beneath the page
 */
export async function assertAccessible(
  page: FrameLocator,
  what: string,
  ground: 'editor' | 'sideBar' = 'editor',
): Promise<void> {
  assert.deepEqual(await accessibilityFaults(page, ground), [], `axe finds faults on the page: ${what}`);
}

/** The faults that axe finds, each with its element. */
export async function accessibilityFaults(page: FrameLocator, ground: 'editor' | 'sideBar'): Promise<string[]> {
  const html = page.locator('html');
  await html.evaluate(axe.source);
  const options: axe.RunOptions = {
    runOnly: { type: 'tag', values: TAGS },
    rules: Object.fromEntries(PAGE_RULES.map((rule) => [rule, { enabled: false }])),
    iframes: false,
    preload: false,
    resultTypes: ['violations'],
  };
  // The editor paints the ground of a page, which axe takes for white.
  const { violations } = (await html.evaluate(`(async () => {
    const { style } = document.documentElement;
    style.setProperty('background-color', 'var(--vscode-${ground}-background)');
    try {
      return await axe.run(document, ${JSON.stringify(options)});
    } finally {
      style.removeProperty('background-color');
    }
  })()`)) as axe.AxeResults;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html: element, failureSummary }) => `${id}: ${help}\n  ${element.slice(0, 300)}\n  ${failureSummary}`),
  );
}
