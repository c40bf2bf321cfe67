import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { StatusBar } from '../../../src/vscode/feedback/status-bar.ts';
import type { NeedingTasks } from '../../../src/vscode/folders/needing-tasks.ts';
import type { TaskFolders } from '../../../src/vscode/folders/task-folders.ts';
import { test } from './runner.ts';

test('the status bar shows a database that does not answer until it answers again', () => {
  const watchers = new Set<() => void>();
  const server = {
    isOnline: true,
    onChange: (watcher: () => void) => {
      watchers.add(watcher);
      return { dispose: () => void watchers.delete(watcher) };
    },
  };
  const event = (): vscode.Disposable => ({ dispose() {} });
  const host = { store: { view: { byStatus: () => [] }, coordination: { server } } };
  const folders = { all: [{ host, isPlaying: false }], onDidChange: event, onDidChangeTask: event };
  const needing = { count: 0, onDidChange: event };
  const shown: { text: string; tooltip: unknown; visible: boolean }[] = [];
  const window = vscode.window as { createStatusBarItem: unknown };
  const original = window.createStatusBarItem;
  const item = {
    text: '',
    tooltip: '',
    show: () => shown.push({ text: item.text, tooltip: item.tooltip, visible: true }),
    hide: () => shown.push({ text: item.text, tooltip: item.tooltip, visible: false }),
    dispose() {},
  };
  window.createStatusBarItem = () => item;
  try {
    const bar = new StatusBar(folders as unknown as TaskFolders, needing as unknown as NeedingTasks);
    const set = (isOnline: boolean): void => {
      server.isOnline = isOnline;
      for (const watcher of watchers) watcher();
    };
    set(false);
    assert.deepEqual(shown.at(-1)?.visible, true);
    assert.match(shown.at(-1)?.text ?? '', /debug-disconnect.*offline, reconnecting/);
    assert.match(String(shown.at(-1)?.tooltip), /changes fail until it answers again/);
    set(true);
    assert.equal(shown.at(-1)?.visible, false);
    bar.dispose();
    assert.equal(watchers.size, 0);
  } finally {
    window.createStatusBarItem = original;
  }
});
