import * as vscode from 'vscode';
import type { Lazy } from './lazy.ts';

type Panels = vscode.WebviewPanelSerializer & vscode.Disposable;
type View = vscode.WebviewViewProvider & vscode.Disposable;

/** Registers a page type at once, so that its tabs come back after a reload, and loads its code with the first tab. */
export function registerPanels(viewType: string, panels: Lazy<Panels>): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(viewType, {
    deserializeWebviewPanel: async (panel, state) => (await panels.get()).deserializeWebviewPanel(panel, state),
  });
}

/** Registers a view at once and loads its code when the view is first shown. */
export function registerView(viewId: string, view: Lazy<View>): vscode.Disposable {
  return vscode.window.registerWebviewViewProvider(viewId, {
    resolveWebviewView: async (shown, context, token) => (await view.get()).resolveWebviewView(shown, context, token),
  });
}
