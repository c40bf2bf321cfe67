import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../scripts/process.ts';
import { choose } from '../../scripts/test/parts.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { valuesOf } from '../../src/cli/values.ts';
import { findCommand } from '../../src/cli/words.ts';
import { readPage, shellLines, shellWords } from './markdown.ts';

// What the pages for people name (commands, scripts, files, other pages) must be there.

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

const guides = globSync('docs/*.md', { cwd: root }).filter((file) => !/(?:cli|features)\.md$/.test(file));

for (const page of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'ARCHITECTURE.md', 'SECURITY.md', ...guides].map(
  readPage,
)) {
  const commands = [...shellLines(page), ...page.spans].map((line) => line.replace(/^npx (?!node\b)/, ''));

  describe(page.file, () => {
    test('has links and pictures with existing targets', () => {
      for (const link of page.links.filter((target) => !/^\w+:/.test(target))) {
        const [target = '', anchor] = link.split('#');
        const file = path.join(path.dirname(page.file), target);
        assert.ok(target === '' || existsSync(path.join(root, file)), link);
        const linked = target === '' || !file.endsWith('.md') ? page : readPage(file);
        if (anchor !== undefined) assert.ok(linked.anchors.has(anchor), link);
      }
    });

    test('names existing systemprompt commands with valid options and values', async () => {
      for (const line of commands.filter((command) => /^systemprompt \S/.test(command))) {
        await understood(shellWords(line).slice(1));
      }
    });

    test('names existing npm scripts and parts of the tests', () => {
      for (const line of commands.filter((command) => /^(\w+=\w+ )?npm \S/.test(command))) {
        const [verb = '', ...rest] = shellWords(line.replace(/^.*?\bnpm /, ''));
        if (['install', 'link', 'ci', 'audit', 'outdated'].includes(verb)) continue;
        const script = verb === 'run' ? rest.shift() : verb;
        assert.ok(Object.hasOwn(manifest.scripts, script ?? ''), line);
        if (script === 'test' && rest[0] === '--') choose(rest.slice(1));
      }
    });

    test('names existing files', () => {
      const paths = [...page.spans, ...commands.flatMap(shellWords)];
      for (const name of paths.filter((word) => /^(src|test|scripts|docs|bench|media|l10n)\/[\w./*-]+$/.test(word))) {
        assert.ok(globSync(name, { cwd: root }).length > 0, name);
      }
    });
  });
}

test('CONTRIBUTING.md lists the parts of the tests in order', () => {
  const text = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
  const table = text.slice(text.indexOf('| part '), text.indexOf('One file, or one test'));
  const listed = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  assert.deepEqual(
    listed,
    choose([]).map(({ name }) => name),
  );
});

/** Takes a command as the command line does, up to the values of its options; throws what it would say. */
async function understood(words: readonly string[]): Promise<void> {
  const entry = findCommand(words);
  const command = await entry?.load();
  const { program, parsed } = buildProgram(entry && command && { entry, command }, () => {});
  // A command that is only named stands for what its help says.
  const named = words.length === entry?.words.length;
  try {
    program.parse([...words, ...(named ? ['--help'] : [])], { from: 'user' });
  } catch (error) {
    assert.equal(
      (error as { code?: string }).code,
      'commander.helpDisplayed',
      `systemprompt ${words.join(' ')}: ${error}`,
    );
    return;
  }
  const call = parsed();
  assert.ok(call !== undefined && command !== undefined, `systemprompt ${words.join(' ')}`);
  await valuesOf(command, call, root);
}
