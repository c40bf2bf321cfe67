import * as vscode from 'vscode';
import type { EventData, EventName, Protocol } from '../../webviews/kit/protocol.ts';
import { Page, type PageContext } from './page.ts';
import type { PageHandlers } from './page-channel.ts';

interface EditorPageOptions<P extends Protocol> {
  /** Also in `activationEvents`, so that the page is restored after a reload of the window. */
  readonly viewType: string;
  readonly name: string;
  readonly title: string;
  readonly protocol: P;
  readonly handlers: PageHandlers<P>;
}

/** A page with one tab in the window. A hidden tab keeps no page: the page loads again when it is shown. */
export class EditorPage<P extends Protocol> implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly context: PageContext;
  private readonly options: EditorPageOptions<P>;
  private open: { readonly panel: vscode.WebviewPanel; readonly page: Page<P> } | undefined;

  constructor(context: PageContext, options: EditorPageOptions<P>) {
    this.context = context;
    this.options = options;
  }

  /** Whether a person can see the page now. */
  get isVisible(): boolean {
    return this.open?.panel.visible === true;
  }

  show(): void {
    if (this.open !== undefined) {
      this.open.panel.reveal();
      return;
    }
    const { viewType, title } = this.options;
    this.attach(vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active));
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    // Two windows of one workspace may have saved a tab each.
    this.open?.panel.dispose();
    this.attach(panel);
  }

  emit<N extends EventName<P>>(name: N, data: EventData<P, N>): void {
    if (this.isVisible) this.open?.page.emit(name, data);
  }

  dispose(): void {
    this.open?.panel.dispose();
  }

  private attach(panel: vscode.WebviewPanel): void {
    const { options } = this;
    const page = new Page(panel.webview, this.context, options);
    this.open = { panel, page };
    panel.onDidDispose(() => {
      page.dispose();
      if (this.open?.panel === panel) this.open = undefined;
    });
  }
}
