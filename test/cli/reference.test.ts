import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commandTable } from '../../src/cli/command-table.ts';
import { overview } from '../../src/cli/overview.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { operations } from '../../src/operations/all.ts';
import { golden, keep } from './golden.ts';
import { renderReference } from './reference.ts';

describe('commands', () => {
  it('exist for every operation, with the summary in the overview', async () => {
    for (const { name, summary } of Object.values(operations)) {
      assert.equal(commandTable.find((entry) => entry.words.join('.') === name)?.summary, summary, name);
    }
    for (const entry of commandTable) {
      const command = await entry.load();
      assert.match(entry.summary, /^[A-Z].*\.$/, entry.words.join(' '));
      assert.ok(command.examples.length > 0, entry.words.join(' '));
    }
  });

  it('have examples that parse, including flags', async () => {
    for (const entry of commandTable) {
      const command = await entry.load();
      for (const { words } of command.examples) {
        const { program, parsed } = buildProgram({ entry, command }, () => {});
        program.parse(shellWords(words), { from: 'user' });
        assert.equal(parsed()?.entry, entry, words);
      }
    }
  });

  it('have a reference that is up to date', async () => {
    keep(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)), formatted(await renderReference()));
  });

  it('produce the same summary as commander without loading it, in narrow and wide terminals', () => {
    for (const columns of [40, 80, 132]) {
      let help = '';
      const { program } = buildProgram(undefined, (text) => {
        help += text;
      });
      program.configureOutput({ getOutHelpWidth: () => columns, getErrHelpWidth: () => columns });
      assert.throws(() => program.parse(['--help'], { from: 'user' }));
      assert.equal(overview(columns).trimEnd(), help.trimEnd(), `${columns} columns`);
    }
  });

  it('have help for a newcomer', async () => {
    for (const words of [[], ['task', 'create']]) {
      const entry = commandTable.find((candidate) => candidate.words.join(' ') === words.join(' '));
      const command = await entry?.load();
      let help = '';
      const { program } = buildProgram(entry && command && { entry, command }, (text) => {
        help += text;
      });
      assert.throws(() => program.parse([...words, '--help'], { from: 'user' }));
      golden(['help', ...words].join('-'), help);
    }
  });
});

/** As the formatter of the project has it, which looks after Markdown too. */
function formatted(markdown: string): string {
  const biome = fileURLToPath(new URL('../../node_modules/@biomejs/biome/bin/biome', import.meta.url));
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const words = [biome, 'format', '--stdin-file-path=docs/cli.md'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd, input: markdown, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Splits an example as a shell would, redirections left out. */
function shellWords(text: string): string[] {
  return [...text.replace(/ [<>] .*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}
