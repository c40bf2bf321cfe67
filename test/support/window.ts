import { errors, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { type Theme, themes } from '../../scripts/workbench/settings.ts';
import type { Gallery } from './gallery.ts';

/**
 * How long anything in a window is waited for, in milliseconds: as long as the slowest machine may take, since only a wait
 * that fails takes it all. Steps have no times of their own.
 */
const PATIENCE_MS = 120_000;
/** Lists of the editor, and the milliseconds after which they no longer change. */
const lists = {
  /** While rows are drawn again, the editor does not tell an extension which row a button belongs to. */
  tree: { rows: '.part.sidebar .monaco-list-rows', ms: 700 },
  /** The palette follows the typing for a while and reuses its rows: a click would meet another command. */
  palette: { rows: '.quick-input-widget .monaco-list-rows', ms: 300 },
  /** The results of a search come in two parts, and the second one reuses the fields of the first. */
  settings: { rows: '.settings-editor .monaco-list-rows', ms: 700 },
};
/** How long one look at a place lasts before it is looked for anew. */
const REACH_MS = 10_000;

/** A name to look for: a string matches any part of an accessible name, a regular expression as it says. */
export type Name = string | RegExp;

/** One VS Code window, in the words of the person who uses it. Everything is found by role and accessible name, as a screen reader does. */
export class Window {
  readonly page: Page;
  readonly #gallery: Gallery;

  constructor(page: Page, gallery: Gallery) {
    this.page = page;
    this.#gallery = gallery;
    page.setDefaultTimeout(PATIENCE_MS);
  }

  /** Resolves when the workbench is painted and the extension host has activated what starts with the window. */
  async waitUntilLive(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
    // The remote indicator gets its label from the extension host's connection; the spinner ends with activation.
    const activating = this.page.locator('.statusbar-item', { hasText: 'Activating Extensions' });
    await this.page.locator('#status\\.host').waitFor();
    await activating.waitFor({ state: 'hidden' });
  }

  /** Shows a view container by the title of its icon in the activity bar. */
  async openContainer(title: Name): Promise<void> {
    const tab = this.page.locator('.part.activitybar').getByRole('tab', { name: title });
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await this.page.locator('.part.activitybar').getByRole('tab', { name: title, selected: true }).waitFor();
  }

  /** Runs a command by its label in the command palette, `Category: Title` in full. */
  async runCommand(label: string): Promise<void> {
    await (await this.findCommand(label)).click();
  }

  /** The entry of a command in the command palette, which stays open. */
  async findCommand(label: string): Promise<Locator> {
    // A screen reader says the label, then the keys. The first match is not always the best: the list is still following the typing.
    const name = new RegExp(`^${label.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(,|$)`);
    const command = this.quickInput.getByRole('option', { name }).first();
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      await this.page.keyboard.press('F1');
      // In a busy window the palette opens before it is filled, and what is typed into it then is forgotten.
      await this.quickInput.getByRole('option').first().waitFor();
      await this.answer(`>${label}`, { accept: false });
      if (await appears(command)) {
        await this.untilStill('palette');
        // The list may have put it elsewhere.
        if (await appears(command)) return command;
      }
      if (performance.now() > end) throw new Error(`The palette does not offer "${label}".`);
      // The palette lists what could be run when it was typed into, and does not follow what can be run since.
      await this.page.keyboard.press('Escape');
      await this.quickInput.waitFor({ state: 'hidden' });
    }
  }

  /** The box that asks: palette, quick pick, input box. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** Types into the box that asks, and presses Enter unless told not to. */
  async answer(text: string, options: { readonly accept?: boolean } = {}): Promise<void> {
    const input = this.quickInput.locator('input.input');
    await input.waitFor();
    await input.fill(text);
    if (options.accept !== false) await this.page.keyboard.press('Enter');
  }

  /** Picks an entry of a quick pick. */
  async pick(name: Name): Promise<void> {
    await this.quickInput.getByRole('option', { name }).first().click();
  }

  /** A row of any tree, by a part of what a screen reader says of it. */
  row(name: Name): Locator {
    return this.page.getByRole('treeitem', { name });
  }

  /** Opens a group of a tree that begins closed. */
  async openGroup(name: Name): Promise<void> {
    const group = this.row(name);
    await group.waitFor();
    if ((await group.getAttribute('aria-expanded')) === 'false') await group.click();
    await this.page.getByRole('treeitem', { name, expanded: true }).waitFor();
  }

  /** Clicks a row and waits until the editor has it selected and focused: keys mean what is, not what was clicked. */
  async select(name: Name): Promise<void> {
    await this.row(name).click();
    await this.untilStill('tree');
    await this.page.locator('.monaco-list-row.selected.focused').and(this.row(name)).waitFor();
    await this.page
      .locator('.monaco-list:focus')
      .filter({ has: this.row(name) })
      .waitFor();
  }

  /**
   * Presses an inline button of a row. The buttons are only there while the pointer is over the row, so the pointer follows
   * a row that moves away from under it. Nothing else can be pressed: a click is given only where the button is on top.
   */
  async pressOnRow(row: Name, button: Name): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      await this.row(row).hover();
      await this.untilStill('tree');
      try {
        await this.row(row).getByRole('button', { name: button }).click({ timeout: REACH_MS });
        return;
      } catch (error) {
        // A press that was begun is not repeated: the second would be another one.
        const begun = String(error).includes('performing click action');
        if (!(error instanceof errors.TimeoutError) || begun || performance.now() > end) throw error;
      }
    }
  }

  /** Waits until a list has stood still for a moment. A person needs longer to see a row and press it. */
  async untilStill(list: keyof typeof lists): Promise<void> {
    const { rows, ms } = lists[list];
    await this.page.evaluate(`new Promise((resolve, reject) => {
      const still = () => { clearTimeout(end); observer.disconnect(); resolve(); };
      const end = setTimeout(() => reject(new Error('The ${list} is drawn again all the time.')), ${PATIENCE_MS});
      let timer = setTimeout(still, ${ms});
      const observer = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(still, ${ms}); });
      const changes = { childList: true, subtree: true, characterData: true };
      for (const list of document.querySelectorAll('${rows}')) observer.observe(list, changes);
    })`);
  }

  /** A notification, by a part of its text. Its buttons: `.getByRole('button', { name })`. */
  notification(text: Name): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /** A modal dialog, by a part of its text. */
  dialog(text: Name): Locator {
    return this.page.getByRole('dialog').filter({ hasText: text });
  }

  /** The inside of a visible webview. If there are several, `index` counts from 0; -1 is the one that was shown last. */
  webview(index = 0): FrameLocator {
    return this.page.locator('iframe.webview.ready').nth(index).contentFrame().frameLocator('#active-frame');
  }

  /** The page of the editor tab in front, by its name. Until it is loaded, the page of the tab before is in its place. */
  tabPage(name: string): Locator {
    return this.webview(-1).locator(`main#${name}`);
  }

  /** The text that an editor or an output channel shows, as far as it is scrolled into view. */
  async visibleText(part: 'editor' | 'panel'): Promise<string> {
    const lines = await this.page.locator(`.part.${part} .view-line`).allInnerTexts();
    // The editor draws spaces as no-break spaces.
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Changes the theme as a person does, by the list of themes: settings files are read when a window opens, and not reliably later. */
  async setTheme(theme: Theme): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.answer(themes[theme].label, { accept: false });
    await this.pick(themes[theme].label);
    await this.page.locator(`.monaco-workbench.${themes[theme].kind}`).waitFor();
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** Drags the edge of the sidebar until it has this width in pixels. */
  async resizeSidebar(width: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (box === null) throw new Error('The sidebar is hidden.');
    const [edge, y] = [box.x + box.width, box.y + box.height / 2];
    await this.page.mouse.move(edge, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, y, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Takes a numbered picture into `test-artifacts/ui`. The pointer leaves first, so that no tooltip hides anything, unless told to stay. */
  async picture(what: string, options: { readonly pointer?: 'stay' } = {}): Promise<string> {
    if (options.pointer !== 'stay') await this.page.mouse.move(this.page.viewportSize()?.width ?? 0, 0);
    return this.#gallery.take(this.page, what);
  }

  /** One step of a walk: does it, then takes a picture named after it; where it fails, the picture shows the state it failed in. */
  async step(what: string, fn: () => Promise<void>): Promise<void> {
    try {
      await fn();
    } catch (error) {
      await this.picture(`failed ${what}`);
      // The report of a test prints the stack, not the message.
      if (error instanceof Error) error.stack = `${error.stack}\nThe window: ${await this.describe()}`;
      throw error;
    }
    await this.picture(what);
  }

  /** What the window and its pages show, for the log of CI, which has no pictures. */
  private async describe(): Promise<string> {
    const parts = [await this.describeWorkbench()];
    for (const frame of this.page.frames()) {
      if (!frame.url().includes('fake.html')) continue;
      const text = await frame.evaluate<string>('document.body.innerText').catch(String);
      parts.push(`\nA page: ${JSON.stringify(text.slice(0, 3_000))}`);
    }
    return parts.join('');
  }

  /** The focus, the rows with the selected ones marked, boxes and messages, as JSON. */
  private describeWorkbench(): Promise<string> {
    return this.page.evaluate(`(() => {
      const texts = (selector) => [...document.querySelectorAll(selector)].map((each) => each.innerText.slice(0, 200));
      const rows = [...document.querySelectorAll('.part.sidebar .monaco-list-row')];
      const focus = document.activeElement;
      return JSON.stringify({
        focus: focus === null ? '' : focus.tagName + '.' + focus.className,
        rows: rows.map((row) => (row.matches('.selected') ? '* ' : '') + row.getAttribute('aria-label')),
        boxes: texts('.quick-input-widget, .monaco-dialog-box'),
        messages: texts('.notification-toast'),
        tabs: texts('.part.editor .tab'),
      });
    })()`);
  }

  /** Closes the window; its extension host ends with it. */
  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Whether something comes into sight while it is looked for; what does not may need another look. */
export async function appears(what: Locator): Promise<boolean> {
  try {
    await what.waitFor({ timeout: REACH_MS });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}
