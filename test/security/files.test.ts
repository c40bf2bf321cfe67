import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { PermissionRule } from '../../src/core/policy/rule.ts';
import { ruleOf } from '../../src/core/policy/rule-verdict.ts';
import { permissionRuleSchema } from '../../src/core/policy/rules.ts';
import { standardRules } from '../../src/core/policy/standard-rules.ts';
import type { ApprovalDetail } from '../../src/core/task/approval-schema.ts';
import { placesOf } from '../../src/runtime/approvals/places.ts';
import { mayBeIgnored, shownPlaces } from '../../src/runtime/approvals/shown-places.ts';
import { Git } from '../../src/runtime/worktrees/git.ts';
import { commandRequest } from '../core/policy/rules-corpus.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { neverWritten, ordinaryWrites } from './data/commands.ts';
import { ordinaryFiles, secretFiles } from './data/secret-names.ts';

function write(folder: string, files: readonly string[], text = 'x\n'): void {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

/** A repository with a commit that has these files. */
async function repository(context: TestContext, files: readonly string[]): Promise<{ folder: string; git: Git }> {
  const folder = tempFolder(context);
  const git = await new Git(folder).withAuthor();
  await git.text(['init', '-q']);
  write(folder, files);
  await commit(git);
  return { folder, git };
}

async function commit(git: Git): Promise<void> {
  await git.text(['add', '-A', '-f']);
  const somebody = await git.withAuthor();
  await somebody.text(['commit', '-q', '-m', 'x']);
}

async function verdictIn(folder: string, rules: readonly PermissionRule[], detail: ApprovalDetail): Promise<string> {
  const places = await placesOf(folder, detail);
  const shown = await shownPlaces(folder, detail, places);
  return ruleOf(rules, detail, [...places, ...shown])?.verdict ?? 'ask';
}

describe('files that hold secrets', () => {
  it(`cannot be read by a command that names them: ${secretFiles.length} names`, async (context) => {
    const folder = tempFolder(context);
    write(folder, [...secretFiles, ...ordinaryFiles]);
    const shown: string[] = [];
    for (const file of secretFiles) {
      for (const detail of [commandRequest(`cat ${file}`), { toolKind: 'read', toolName: 'read', files: [file] }]) {
        if ((await verdictIn(folder, standardRules, detail)) === 'allow') shown.push(file);
      }
    }
    assert.deepEqual(shown, []);
    for (const file of ordinaryFiles) {
      assert.equal(await verdictIn(folder, standardRules, commandRequest(`cat ${file}`)), 'allow', file);
    }
  });

  it('cannot be read by a search of their folder', async (context) => {
    const { folder } = await repository(context, ['certs/server.key', 'src/a.ts', '.npmrc', '.gitignore']);
    const ask = (detail: ApprovalDetail): Promise<string> => verdictIn(folder, standardRules, detail);
    const search = (input: object, ...files: string[]): ApprovalDetail => {
      return { toolKind: 'search', toolName: 'grep', files, input: { pattern: 'x', ...input } };
    };
    for (const command of ['rg . certs', 'rg x', 'rg -e x certs src', 'git grep x', 'git grep x -- certs', 'rg src']) {
      assert.equal(await ask(commandRequest(command)), 'ask', command);
    }
    for (const command of ['rg x src', 'rg -t ts x src', 'git grep x -- src']) {
      assert.equal(await ask(commandRequest(command)), 'allow', command);
    }
    assert.equal(await ask(search({ path: 'certs' }, 'certs')), 'ask');
    assert.equal(await ask(search({ path: '.' }, '.')), 'ask');
    assert.equal(await ask(search({ path: 'src' }, 'src')), 'allow');
    for (const glob of ['.env*', '**/.env*', '*.pem', '{id_rsa,x}', 'certs/*.key']) {
      assert.equal(await ask(search({ path: 'src', include: glob }, 'src')), 'ask', glob);
      assert.equal(await ask({ ...search({ path: 'src', pattern: glob }, 'src'), toolName: 'glob' }), 'ask', glob);
    }
    assert.equal(await ask(search({ path: 'src', include: '*.ts' }, 'src')), 'allow');
  });

  it('cannot be read by a search of an ignored or linked folder that the command names', async (context) => {
    const { folder } = await repository(context, ['src/a.ts', 'certs/server.key']);
    writeFileSync(join(folder, '.gitignore'), 'private/\n');
    write(folder, ['private/deep/server.key', 'private/b.ts']);
    symlinkSync('..', join(folder, 'src', 'up'));
    const ask = (command: string): Promise<string> => verdictIn(folder, standardRules, commandRequest(command));
    for (const command of [
      'rg . private',
      'rg x private/deep',
      'rg x src private',
      'rg x src/up',
      'rg x src/up/certs',
    ]) {
      assert.equal(await ask(command), 'ask', command);
    }
    assert.equal(await ask('rg x src'), 'allow');
    const search = {
      toolKind: 'search',
      toolName: 'grep',
      files: ['private'],
      input: { pattern: 'x', path: 'private' },
    };
    assert.equal(await verdictIn(folder, standardRules, search), 'ask');
    write(folder, ['src/deep/x.key'], 'k\n');
    writeFileSync(join(folder, '.gitignore'), '*.key\n');
    assert.equal(await ask('rg x src'), 'allow', 'a search skips ignored files in a folder that is not ignored');
    writeFileSync(join(folder, 'src/.ignore'), '!*.key\n');
    assert.equal(await ask('rg x src'), 'ask', 'unless a file for search programs includes them');
  });

  it('cannot be read by a search outside a repository', async (context) => {
    const folder = tempFolder(context);
    write(folder, ['certs/server.key', 'src/a.ts']);
    assert.equal(await verdictIn(folder, standardRules, commandRequest('rg x')), 'ask');
    assert.equal(await verdictIn(folder, standardRules, commandRequest('rg x .')), 'ask');
    assert.equal(await verdictIn(folder, standardRules, commandRequest('rg x src/')), 'allow');
  });

  it('cannot be read by git from any commit', async (context) => {
    const { folder, git } = await repository(context, ['src/a.ts', 'prod.env']);
    const first = await git.text(['rev-parse', 'HEAD']);
    await git.text(['rm', '-q', 'prod.env']);
    write(folder, ['src/a.ts'], 'y\n');
    await commit(git);
    const ask = (command: string): Promise<string> => verdictIn(folder, standardRules, commandRequest(command));
    for (const command of [`git show ${first}`, `git diff ${first}`, 'git show HEAD', 'git show HEAD~1:prod.env']) {
      assert.equal(await ask(command), 'ask', command);
    }
    write(folder, ['src/a.ts'], 'z\n');
    assert.equal(await ask('git diff'), 'allow');
    assert.equal(await ask(`git diff ${first} -- src`), 'allow');
    assert.equal(await ask('git log --oneline'), 'allow');
    write(folder, ['prod.env'], 'z\n');
    await git.text(['add', 'prod.env']);
    assert.equal(await ask('git diff --cached'), 'ask');
    assert.equal(await ask('git status -v'), 'ask');
  });
});

describe('a rule that denies or asks about reading', () => {
  const commands = [
    ...[
      'git show HEAD',
      'git show',
      'git diff',
      'git diff --cached',
      'git log -p',
      'git log -U3',
      'git grep x',
      'git blame secrets/a',
    ],
    ...[
      'git cat-file -p HEAD:secrets/a',
      'git stash show -p',
      'git show HEAD:secrets/a',
      'git diff HEAD -- secrets',
      'git diff -- .',
    ],
    ...[
      'git format-patch -1 --stdout',
      'git archive HEAD',
      'git status -v',
      'git commit -v --dry-run',
      'git log -S x',
      'git log -L 1,2:secrets/a',
    ],
    ...[
      'rg x',
      'rg x secrets',
      'rg x .',
      'cat secrets/a',
      'grep x secrets/a',
      'grep -r x .',
      'head secrets/a',
      'sort secrets/a',
    ],
  ];
  for (const verdict of ['deny', 'ask']) {
    it(`applies to commands: ${verdict}`, async (context) => {
      const { folder } = await repository(context, ['secrets/a', 'src/a.ts']);
      const exact = commands.map((pattern) => permissionRuleSchema.parse({ allow: 'command', pattern }));
      const rule = permissionRuleSchema.parse({ [verdict]: 'read', pattern: 'secrets/**' });
      const allowed: string[] = [];
      for (const command of commands) {
        const answer = await verdictIn(folder, [...standardRules, ...exact, rule], commandRequest(command));
        if (answer === 'allow') allowed.push(command);
      }
      assert.deepEqual(allowed, []);
      for (const command of ['git diff -- src', 'git log --oneline', 'git status', 'cat src/a.ts', 'git add src']) {
        assert.equal(await verdictIn(folder, [...standardRules, rule], commandRequest(command)), 'allow', command);
      }
    });
  }
});

describe('files that the policy "standard" does not let an agent write', () => {
  const edit = (place: string): string =>
    ruleOf(standardRules, { toolKind: 'edit', toolName: 'edit' }, [place])?.verdict ?? 'ask';

  it(`configure programs or are in no diff: ${neverWritten.length} examples`, () => {
    assert.deepEqual(
      neverWritten.filter((place) => edit(place) === 'allow'),
      [],
    );
    assert.deepEqual(
      ordinaryWrites.filter((place) => edit(place) !== 'allow'),
      [],
    );
  });

  it('include the files that git ignores', async (context) => {
    const { folder } = await repository(context, ['src/a.ts']);
    writeFileSync(join(folder, '.gitignore'), 'src/made/\n*.local.ts\n');
    assert.equal(await mayBeIgnored(folder, ['src/a.ts', 'src/new.ts']), false);
    for (const place of ['src/made/a.ts', 'src/x.local.ts']) {
      assert.equal(await mayBeIgnored(folder, ['src/a.ts', place]), true, place);
    }
    assert.equal(await mayBeIgnored(tempFolder(context), ['src/a.ts']), false, 'without a repository nothing is');
    assert.equal(await mayBeIgnored(join(folder, 'gone'), ['src/a.ts']), true, 'git does not answer');
  });

  it('are allowed by an explicit rule', () => {
    const rules = [permissionRuleSchema.parse({ allow: 'write', pattern: 'app/package.json' })];
    assert.equal(ruleOf(rules, { toolKind: 'edit', toolName: 'edit' }, ['app/package.json'])?.verdict, 'allow');
  });
});
