import type { Locator, Page } from 'playwright-core';

/** Drags an element onto another one in steps, as a hand does: the target may answer only after a moment. */
export async function dragOnto(page: Page, from: Locator, onto: Locator, ready?: () => Promise<void>): Promise<void> {
  const middle = async (of: Locator): Promise<[number, number]> => {
    const box = await of.boundingBox();
    if (box === null) throw new Error('It is not in sight.');
    return [box.x + box.width / 2, box.y + Math.min(box.height / 2, 40)];
  };
  await from.hover();
  await page.mouse.down();
  const [x, y] = await middle(onto);
  await page.mouse.move(x, y, { steps: 8 });
  await ready?.();
  // The element under the pointer may be another one than before the drag.
  await page.mouse.move(x + 1, y + 1, { steps: 2 });
  await page.mouse.up();
}
