import assert from 'node:assert/strict';
import fs, { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { type Host, openHost } from '../../../src/host.ts';
import { writeQueue } from '../../../src/runtime/queue/queue-state.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { TaskFolder } from '../../../src/vscode/folders/task-folder.ts';
import { store } from './person.ts';
import { eventually, test } from './runner.ts';

function open(folder: string): Promise<Host> {
  return openHost({ folder, actor: 'Folder Test', workerCommand: { command: process.execPath, args: [] } });
}

function theFolder(): vscode.WorkspaceFolder {
  return vscode.workspace.workspaceFolders?.[0] ?? assert.fail('no folder is open');
}

test('a folder that fails to open shows the error and opens on retry', async () => {
  await store();
  let tries = 0;
  const folder = new TaskFolder(theFolder(), (path) => {
    tries += 1;
    return tries === 1 ? Promise.reject(new Error('the disk is away')) : open(path);
  });
  await eventually(() => assert.equal(folder.state.kind, 'failed'));
  await folder.reopen();
  assert.equal(folder.state.kind, 'ready');
  folder.dispose();
  await folder.closed();
});

test('concurrent callers share one opening of a folder', async () => {
  await store();
  let tries = 0;
  const folder = new TaskFolder(theFolder(), (path) => {
    tries += 1;
    return open(path);
  });
  const [first, second] = await Promise.all([folder.ready(), folder.ready()]);
  assert.equal(first, second);
  assert.equal(tries, 1);
  folder.dispose();
  await folder.closed();
});

test('a folder that is removed during its opening is closed again', async () => {
  await store();
  let closed = 0;
  const folder = new TaskFolder(theFolder(), async (path) => {
    const host = await open(path);
    const close = async (): Promise<void> => {
      closed += 1;
      await host.close();
    };
    return { ...host, close };
  });
  const opening = folder.ready();
  folder.dispose();
  await assert.rejects(opening, /was closed/);
  await folder.closed();
  assert.equal(closed, 1);
});

test('a reopened folder keeps its rows until the new store is ready', async () => {
  await store();
  const folder = new TaskFolder(theFolder(), open);
  const before = await folder.ready();
  const states: string[] = [];
  folder.onDidChangeState(() => states.push(folder.state.kind));
  await folder.reopen();
  assert.deepEqual(states, ['ready']);
  assert.notEqual(folder.host, before);
  folder.dispose();
  await folder.closed();
});

test('a window finds the first task of another process without any watcher event', async () => {
  const at = realpathSync(mkdtempSync(path.join(tmpdir(), 'silent-')));
  const silent = { on: () => {}, close: () => {} };
  const watching = silence(fs, 'watch', silent);
  const editor = silence(vscode.workspace, 'createFileSystemWatcher', {
    ...Object.fromEntries(['onDidCreate', 'onDidChange', 'onDidDelete'].map((name) => [name, () => silent])),
    dispose: () => {},
  });
  const folder = new TaskFolder({ ...theFolder(), uri: vscode.Uri.file(at) }, open);
  try {
    await eventually(() => assert.equal(folder.state.kind, 'absent'));
    const store = await TaskStore.open({ folder: at, watch: false });
    await store.createTask({ title: 'First' });
    await eventually(() => assert.equal(folder.host?.store.view.size, 1));
    // What is open is followed by the same means.
    const { queue } = folder.host ?? assert.fail();
    await store.createTask({ title: 'Second' });
    await writeQueue(store.coordination, { playing: true, since: new Date().toISOString() });
    await store.close();
    await eventually(() => assert.equal(folder.host?.store.view.size, 2));
    await eventually(() => assert.equal(queue?.current.playing, true));
  } finally {
    watching.restore();
    editor.restore();
    folder.dispose();
    await folder.closed();
    rmSync(at, { recursive: true });
  }
});

/** Replaces a function that makes watchers by one whose watchers never report anything. */
function silence(owner: object, name: string, watcher: object): { restore(): void } {
  const target = owner as Record<string, unknown>;
  const original = target[name];
  target[name] = () => watcher;
  return { restore: () => Object.assign(target, { [name]: original }) };
}
