import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'jsonc-parser';
import { TaskError } from '../../src/core/errors.ts';
import { addServer } from '../../src/mcp/install/add-server.ts';
import { mcpClients } from '../../src/mcp/install/clients.ts';
import { cli } from '../cli/cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const server = { command: 'systemprompt', args: ['mcp'] };

describe('adding the server to a configuration', () => {
  it('creates the entry of each client, and finds it again', () => {
    for (const client of Object.values(mcpClients)) {
      const entry = client.entry(server);
      const text = addServer(client, undefined, entry);
      assert.ok(text !== undefined, client.title);
      assert.equal(addServer(client, text, entry), undefined, client.title);
    }
    assert.equal(
      addServer(mcpClients.codex, undefined, mcpClients.codex.entry(server)),
      '[mcp_servers.systemprompt-tasks]\ncommand = "systemprompt"\nargs = ["mcp"]\n',
    );
  });

  it('keeps comments, other entries, indentation and line ends', () => {
    const before =
      '// mine\r\n{\r\n    "mcpServers": {\r\n        /* keep */ "other": { "command": "x" }, // yes\r\n    },\r\n    "more": 1\r\n}\r\n';
    const text = addServer(mcpClients.gemini, before, mcpClients.gemini.entry(server)) ?? '';
    for (const part of ['// mine', '/* keep */ "other": {', '// yes', '"more": 1']) {
      assert.ok(text.includes(part), `${part}\n${text}`);
    }
    assert.ok(!/[^\r]\n/.test(text), 'one kind of line end');
    assert.deepEqual(Object.keys(parse(text).mcpServers), ['other', 'systemprompt-tasks']);
    const toml = '# mine\n[mcp_servers.other]\ncommand = "x"';
    assert.ok(addServer(mcpClients.codex, toml, server)?.startsWith(`${toml}\n\n[mcp_servers.systemprompt-tasks]`));
  });

  it('refuses another entry of this name, and text that it cannot read', () => {
    const other = '{ "mcpServers": { "systemprompt-tasks": { "command": "mine" } } }';
    const toml = '[ mcp_servers . "systemprompt-tasks" ]\ncommand = "mine"\n';
    for (const [client, text] of [
      [mcpClients.claude, other],
      [mcpClients.codex, toml],
      [mcpClients.claude, '{ "mcpServers": '],
      [mcpClients.claude, '[]'],
      [mcpClients.claude, '{ "mcpServers": [] }'],
    ] as const) {
      assert.throws(
        () => addServer(client, text, client.entry(server)),
        (error) => TaskError.is(error, 'SettingsUnreadable'),
        text,
      );
    }
  });
});

describe('systemprompt mcp install', () => {
  it('shows the change first and writes it with --yes', async (context) => {
    const run = cli(context);
    const file = join(run.folder, '.vscode', 'mcp.json');
    assert.match(
      await run.ok('mcp', 'install', 'vscode'),
      /Adds to .*mcp\.json:[\s\S]*systemprompt mcp install vscode --yes/,
    );
    assert.equal(existsSync(file), false);
    assert.match(await run.ok('mcp', 'install', 'vscode', '--yes'), /^Added the server/);
    const written = readFileSync(file, 'utf8');
    assert.equal(parse(written).servers['systemprompt-tasks'].type, 'stdio');
    assert.match(await run.ok('mcp', 'install', 'vscode', '--yes'), /has the server already/);
    assert.equal(readFileSync(file, 'utf8'), written);
    const { code, stderr } = await run('mcp', 'install', 'vscod');
    assert.equal(code, 2);
    assert.match(stderr, /Did you mean "vscode"\?/);
  });

  it('follows no link in the folder', async (context) => {
    const run = cli(context);
    const elsewhere = tempFolder(context);
    writeFileSync(join(elsewhere, 'target.json'), '{}');
    symlinkSync(join(elsewhere, 'target.json'), join(run.folder, '.mcp.json'));
    mkdirSync(join(elsewhere, 'cursor'));
    symlinkSync(join(elsewhere, 'cursor'), join(run.folder, '.cursor'));
    for (const client of ['claude', 'cursor']) {
      const { code, stderr } = await run('mcp', 'install', client, '--yes');
      assert.notEqual(code, 0);
      assert.match(stderr, /is a link/);
    }
    assert.equal(readFileSync(join(elsewhere, 'target.json'), 'utf8'), '{}');
    assert.equal(existsSync(join(elsewhere, 'cursor', 'mcp.json')), false);
  });
});
