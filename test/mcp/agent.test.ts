import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ownToolOf, ownTools } from '../../src/core/agent/own-tools.ts';
import { agentDefinitions } from '../../src/mcp/agent/tools.ts';
import { cli } from '../cli/cli.ts';

describe('the tools for an agent', () => {
  it('have at most 1,200 tokens of definitions, and the number of the page is right', () => {
    const tokens = Math.round(Buffer.byteLength(JSON.stringify(agentDefinitions())) / 4);
    assert.ok(tokens <= 1_200, `${tokens} tokens`);
    const page = readFileSync(new URL('../../docs/mcp.md', import.meta.url), 'utf8');
    const stated = Number(/^\| `agent` \| 6 \| (\d+) \|/m.exec(page)?.[1]);
    assert.ok(Math.abs(stated - tokens) <= 0.05 * tokens, `${tokens} tokens, the page says ${stated}`);
  });

  it('start, approve, merge and configure nothing', () => {
    const names = agentDefinitions().map(({ name }) => name);
    assert.deepEqual(names, [...ownTools]);
    assert.ok(
      names.every((name) => !/start|run|approve|reject|answer|decide|merge|rule|limit|config|confirm/.test(name)),
    );
    assert.ok(
      agentDefinitions().every(({ annotations }) => !annotations.destructiveHint && !annotations.openWorldHint),
    );
  });

  it('are recognised by the random name of their server alone', () => {
    const server = 'systemprompt_1a2b3c4d';
    for (const name of [
      `mcp__${server}__task_note`,
      `${server}_task_note`,
      `mcp_${server}_task_note`,
      `${server}.task_note`,
    ]) {
      assert.equal(ownToolOf(name, server), 'task_note', name);
    }
    for (const name of [
      'mcp__systemprompt__task_note',
      'mcp__systemprompt_ffffffff__task_note',
      `mcp__${server}__bash`,
      `mcp__evil__${server}_task_note`,
      `x${server}_task_note`,
      `${server}_task_note; rm`,
      'task_note',
    ]) {
      assert.equal(ownToolOf(name, server), undefined, name);
    }
    assert.equal(ownToolOf(`${server}_task_note`, undefined), undefined);
  });

  it('are refused outside of a run', async (context) => {
    const { code, stderr } = await cli(context)('mcp', '--tools', 'agent');
    assert.notEqual(code, 0);
    assert.match(stderr, /belong to a run/);
  });
});
