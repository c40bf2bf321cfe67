import type * as vscode from 'vscode';
import type { Logger } from '../../core/logger.ts';
import type { EventData, EventName, Protocol } from '../../webviews/kit/protocol.ts';
import { errorText } from '../feedback/errors.ts';
import { PageChannel, type PageHandlers } from './page-channel.ts';
import { type PageFiles, pageHtml, pageRoots } from './page-html.ts';

/** The parts of the extension that every page needs. */
export interface PageContext {
  readonly extensionUri: vscode.Uri;
  readonly logger: Logger;
}

interface PageOptions<P extends Protocol> extends PageFiles {
  readonly protocol: P;
  readonly handlers: PageHandlers<P>;
}

/** One page in one webview: its document, its policy and its connection. */
export class Page<P extends Protocol> implements vscode.Disposable {
  private readonly channel: PageChannel<P>;
  private readonly listening: vscode.Disposable;

  constructor(webview: vscode.Webview, { extensionUri, logger }: PageContext, options: PageOptions<P>) {
    this.channel = new PageChannel({
      protocol: options.protocol,
      handlers: options.handlers,
      logger,
      post: (message) => void webview.postMessage(message),
      describe: errorText,
    });
    this.listening = webview.onDidReceiveMessage((value: unknown) => void this.channel.receive(value));
    webview.options = { enableScripts: true, localResourceRoots: pageRoots(extensionUri) };
    webview.html = pageHtml(webview, extensionUri, options);
  }

  /** Sends an event. A hidden page misses it, and asks again when it is shown. */
  emit<N extends EventName<P>>(name: N, data: EventData<P, N>): void {
    this.channel.emit(name, data);
  }

  dispose(): void {
    this.listening.dispose();
  }
}
