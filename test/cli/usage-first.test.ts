import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../src/cli/run.ts';
import type { Output } from '../../src/cli/terminal/output.ts';
import { plain } from '../../src/cli/terminal/style.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Runs the command line in this process; `notes` collects stderr. */
function commandLine(folder: string): { notes: string[]; call: (...words: string[]) => Promise<number> } {
  const notes: string[] = [];
  const silent = (): void => {};
  const out: Output = {
    print: silent,
    redraw: silent,
    json: silent,
    jsonLine: silent,
    progress: silent,
    note: (text) => void notes.push(text),
    style: plain,
    noteStyle: plain,
    columns: 80,
    now: () => 0,
  };
  const environment = {
    cwd: folder,
    out,
    program: { command: process.execPath, args: [] },
    interrupted: () => new AbortController().signal,
  };
  return { notes, call: (...words) => run(['-C', folder, ...words], environment) };
}

test('a usage error is reported before the folder is opened', async (context) => {
  const folder = tempFolder(context);
  mkdirSync(join(folder, '.systemprompt'));
  // This folder has no tasks to read: a file is in the place of its state.
  writeFileSync(join(folder, '.systemprompt', 'state'), '');
  const { notes, call } = commandLine(folder);
  const wrong = [
    ['task', 'list', '--limit', '0'],
    ['task', 'list', '--priority', 'hihg'],
    ['task', 'logs', '1', '--tail', '-5'],
    ['task', 'logs', '1', '--follow', '--tail', '20000'],
    ['task', 'start', '', '--wait'],
    ['task', 'usage', '', '--live'],
    ['task', 'graph', '--format', 'png'],
    ['metrics', '--limit', '0'],
  ];
  for (const words of wrong) {
    notes.length = 0;
    assert.equal(await call(...words), 2, `${words.join(' ')}: ${notes.join('\n')}`);
  }
  notes.length = 0;
  assert.equal(await call('task', 'list', '--limit', '5'), 0);
  assert.match(notes.join('\n'), /Read-only: .* is not a folder/);
});

test('values are case-insensitive, and a misspelled one gets a suggestion', async (context) => {
  const folder = tempFolder(context);
  const { notes, call } = commandLine(folder);
  assert.equal(await call('task', 'list', '--priority', 'HIGH', '--status', 'In-Progress', '--sort', 'Title'), 0);
  assert.equal(await call('task', 'list', '--status', 'complete'), 2);
  assert.match(notes.join('\n'), /Did you mean "completed"\?/);
});
