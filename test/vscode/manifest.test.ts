import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { root } from '../../scripts/process.ts';
import {
  commandIds,
  machineSettings,
  mcpProvider,
  pageTypes,
  requestScheme,
  viewIds,
} from '../../src/vscode/contributions.ts';

interface Menu {
  readonly command: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly {
      command: string;
      title: string;
      category?: string;
      icon?: string;
      enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly Menu[]>>;
    readonly views: Readonly<Record<string, readonly { id: string }[]>>;
    readonly viewsWelcome: readonly { view: string; when: string; contents: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { scope?: string; markdownDescription?: string; default?: unknown }>
      >;
    };
    readonly walkthroughs: readonly { steps: readonly { completionEvents?: readonly string[] }[] }[];
    readonly keybindings: readonly { when?: string }[];
  };
}

const read = (file: string): string => readFileSync(`${root}/${file}`, 'utf8');
const text = read('package.json');
const { contributes } = JSON.parse(text) as Manifest;
const sources = globSync('src/**/*.ts', { cwd: root });
const declared = contributes.commands.map(({ command }) => command);

test('the commands of the code match package.json', () => {
  assert.deepEqual([...declared].sort(), [...commandIds].sort());
});

test('the views of the code match package.json', () => {
  const views = Object.values(contributes.views).flat();
  assert.deepEqual(
    views.map(({ id }) => id),
    Object.values(viewIds),
  );
  for (const welcome of contributes.viewsWelcome) assert.ok(Object.values<string>(viewIds).includes(welcome.view));
});

test('page types are activation events, so that editor tabs are restored after a reload', () => {
  const { activationEvents } = JSON.parse(text) as { activationEvents: string[] };
  const types = activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
  assert.deepEqual(
    types,
    Object.values(pageTypes).map((type) => `onWebviewPanel:${type}`),
  );
});

test('links and servers for assistants are declared', () => {
  const { activationEvents } = JSON.parse(text) as { activationEvents: string[] };
  assert.ok(activationEvents.includes('onUri'));
  const { mcpServerDefinitionProviders: providers } = JSON.parse(text).contributes;
  assert.deepEqual(providers, [{ id: mcpProvider, label: '%mcp.label%' }]);
});

test('commands are registered in one place', () => {
  const callers = sources.filter((file) => read(file).includes('commands.registerCommand'));
  assert.deepEqual(callers, ['src/vscode/register.ts']);
});

test('every command has a category, and is in the palette only where it applies', () => {
  for (const { command, category } of contributes.commands) assert.ok(category, command);
  const palette = new Map(contributes.menus.commandPalette?.map(({ command, when }) => [command, when]));
  const without = declared.filter((command) => !palette.has(command));
  assert.deepEqual(without, ['systemprompt.showOutput'], 'these are in the palette of every window');
  assert.equal(palette.get('systemprompt.tasks.showMore'), 'false');
});

test('menus name existing commands', () => {
  for (const [menu, items] of Object.entries(contributes.menus)) {
    for (const { command, submenu } of items) {
      const known = submenu === undefined ? declared.includes(command) : contributes.menus[submenu] !== undefined;
      assert.ok(known, `${submenu ?? command} in ${menu}`);
    }
  }
});

test('cards of the board offer the actions of rows', () => {
  // Rows of requests have no card.
  const ofRequests = ['question', 'decidable', 'forTask', 'undecided', 'ofWorktree'];
  const actions = (menu: string, pattern: RegExp): string[] =>
    (contributes.menus[menu] ?? [])
      .filter(({ group }) => group?.startsWith('inline') !== true)
      .flatMap(({ command, submenu, when, group }) => {
        const flag = pattern.exec(when ?? '')?.[1];
        return flag === undefined || ofRequests.includes(flag) ? [] : [[submenu ?? command, flag, group].join(' ')];
      })
      .sort();
  const rows = actions('view/item/context', /viewItem =~ \/\\b(\w+)\\b\//);
  assert.deepEqual(actions('webview/context', /flags =~ \/\\b(\w+)\\b\//), rows);
});

test('commands that run something are disabled in a restricted window', () => {
  const running = [
    'task.create',
    'task.start',
    'task.followUp',
    'task.requestChanges',
    'review.send',
    'task.restart',
    'task.raiseLimit',
    'task.pickResult',
    'task.review',
    'task.merge',
    'task.discard',
    'task.checkpoint',
    'task.restore',
    'approval.approve',
    'approval.approveForTask',
  ];
  for (const name of running) {
    const found = contributes.commands.find(({ command }) => command === `systemprompt.${name}`);
    assert.match(found?.enablement ?? '', /isWorkspaceTrusted/, name);
  }
});

test('no row has more than two buttons', () => {
  const flags = (contributes.menus['view/item/context'] ?? [])
    .filter(({ group }) => group?.startsWith('inline'))
    .map(({ when }) => /viewItem =~ \/\\b(\w+)\\b\//.exec(when ?? '')?.[1] ?? assert.fail(`no flag in ${when}`));
  // The flags that a row can have together; task-state.test.ts holds the states of tasks against it.
  for (const together of [
    ['undecided'],
    ['startable', 'inlineLog'],
    ['inlineFollowUp', 'inlineComplete'],
    ['restartable', 'inlineRestart', 'inlineLog'],
    ['restartable', 'inlineReview', 'inlineLog'],
    ['inlineCancel', 'inlineLog'],
    ['inlinePause', 'inlineLog'],
    ['inlineCancel', 'inlinePick'],
    ['inlinePause', 'inlinePick'],
  ]) {
    const buttons = flags.filter((flag) => together.includes(flag));
    assert.ok(buttons.length <= 2, `${together.join(' + ')}: ${buttons.length}`);
  }
});

test('context keys and the names of clauses match the code', () => {
  const code = read('src/vscode/contributions.ts');
  const clauses = [...text.matchAll(/"(?:when|enablement)": "([^"]+)"/g)].map(([, clause]) => clause ?? '');
  for (const [key] of clauses.join(' ').matchAll(/systemprompt\.(?!tasks\b)\w+/g))
    assert.ok(code.includes(`'${key}'`), key);
  assert.ok(clauses.some((clause) => clause.includes(`resourceScheme == ${requestScheme}`)));
  for (const key of code.matchAll(/'(systemprompt\.(?:state|hasTasks|needsApproval))'/g)) {
    assert.ok(
      clauses.some((clause) => clause.includes(key[1] ?? '')),
      `${key[1]} is read by no clause`,
    );
  }
});

test('settings have a default, a description and a scope, and the code knows them', () => {
  const code = read('src/vscode/contributions.ts');
  for (const [id, { scope, markdownDescription, ...property }] of Object.entries(
    contributes.configuration.properties,
  )) {
    assert.ok(scope && markdownDescription && 'default' in property, id);
    assert.ok(code.includes(`'${id}'`), id);
  }
});

test('settings of the machine are those of its configuration file, with the same limits', () => {
  const limits = [
    'type',
    'enum',
    'minimum',
    'exclusiveMinimum',
    'maximum',
    'properties',
    'items',
    'additionalProperties',
  ];
  const keywords = (schema: unknown): unknown =>
    typeof schema !== 'object' || schema === null || Array.isArray(schema)
      ? schema
      : Object.fromEntries(
          Object.entries(schema).flatMap(([key, value]) => {
            if (key === 'properties') {
              return [[key, Object.fromEntries(Object.entries(value).map(([name, part]) => [name, keywords(part)]))]];
            }
            return limits.includes(key) ? [[key, keywords(value)]] : [];
          }),
        );
  const file = JSON.parse(read('schemas/config.schema.json'));
  const { properties } = contributes.configuration;
  for (const [id, [section, name]] of Object.entries(machineSettings)) {
    assert.equal(properties[id]?.scope, 'machine', `${id} starts programs, so a workspace must not set it`);
    const whole = file.properties[section];
    const schema = name === undefined ? whole : whole.properties[name];
    // A choice of a word or a path is one pattern in the editor.
    if (schema.anyOf === undefined) assert.deepEqual(keywords(properties[id]), keywords(schema), id);
  }
  const { pattern } = properties['systemprompt.worktrees.place'] as { pattern?: string };
  for (const place of ['inside', 'outside', '~/trees', '/srv/trees', 'C:\\trees', '\\\\host\\trees']) {
    assert.match(place, new RegExp(pattern ?? '^$'));
  }
  for (const place of ['', 'trees', '../trees', '~trees']) assert.doesNotMatch(place, new RegExp(pattern ?? ''));
});

test('keybindings are few and have a condition', () => {
  assert.ok(contributes.keybindings.length <= 2);
  for (const { when } of contributes.keybindings) assert.match(when ?? '', /focusedView == systemprompt\.tasks/);
});

test('every walkthrough has at most six steps with completion events', () => {
  for (const { steps } of contributes.walkthroughs) {
    assert.ok(steps.length <= 6);
    for (const { completionEvents } of steps) assert.ok((completionEvents?.length ?? 0) > 0);
  }
});

test('package.nls.json has exactly the strings of package.json', () => {
  const strings = JSON.parse(read('package.nls.json')) as Record<string, string>;
  const used = new Set([...text.matchAll(/%([\w.]+)%/g)].map(([, key]) => key ?? ''));
  assert.deepEqual([...used].sort(), Object.keys(strings).sort());
  for (const { title, category } of contributes.commands) assert.match(`${title}${category}`, /^%[\w.]+%%[\w.]+%$/);
});
