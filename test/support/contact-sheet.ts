import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchBrowser } from './browser.ts';

/** Pictures of one view that are looked at side by side. */
export interface Sheet {
  readonly name: string;
  readonly pictures: readonly string[];
}

/** Puts pictures on sheets, each `<name>.png` in the folder. */
export async function makeSheets(folder: string, sheets: readonly Sheet[]): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1960, height: 400 } });
    for (const { name, pictures } of sheets) {
      const html = path.join(folder, `${name}.html`);
      const images = pictures.map((file) => `<img src="${pathToFileURL(file).href}">`).join('');
      const style = 'body { margin: 0; display: flex; flex-wrap: wrap; gap: 8px; background: #888 }';
      await writeFile(html, `<style>${style}</style>${images}`);
      await page.goto(pathToFileURL(html).href);
      await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
      await rm(html);
    }
  } finally {
    await browser.close();
  }
}
