import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { geminiPolicy } from '../../../src/agents/adapters/gemini-policy.ts';
import { toolReach } from '../../../src/core/policy/tool-reach.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** The policy that Gemini CLI receives; undefined if it receives none. */
async function policy(context: TestContext, allowed: readonly string[] | undefined): Promise<string | undefined> {
  const folder = tempFolder(context);
  const reach = allowed === undefined ? undefined : toolReach(allowed);
  const [option, path, ...rest] = await geminiPolicy({ reach, asks: true }, folder);
  assert.deepEqual(rest, []);
  if (path === undefined) {
    assert.deepEqual(readdirSync(folder), []);
    return undefined;
  }
  assert.equal(option, '--admin-policy');
  return readFileSync(path, 'utf8');
}

const denies = (...names: readonly string[]): string =>
  `[[rule]]\ntoolName = ${JSON.stringify(names)}\ndecision = "deny"\npriority = 999\n`;

describe('the policy that Gemini CLI receives', () => {
  it('denies the tools of a read-only task that change something or run commands', async (context) => {
    assert.equal(
      await policy(context, ['file_operations:read']),
      denies('write_file', 'replace', 'run_shell_command', 'google_web_search', 'web_fetch'),
    );
  });

  it('leaves tools of which some calls are allowed to our own decision', async (context) => {
    const allowed = ['file_operations(src/**)', 'code_execution(npm test)'];
    assert.equal(await policy(context, allowed), denies('google_web_search', 'web_fetch'));
  });

  it('is none without allowed tools, and if nothing is forbidden', async (context) => {
    assert.equal(await policy(context, undefined), undefined);
    assert.equal(await policy(context, ['file_operations', 'code_execution', 'web_search']), undefined);
  });
});
