import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Accounting } from '../../../src/agents/acp/accounting.ts';
import { Permissions } from '../../../src/agents/acp/permissions.ts';
import { UpdateLog } from '../../../src/agents/acp/update-log.ts';
import { guardClient } from '../../../src/agents/guarded-client.ts';
import { approveForTask, RecordingClient } from '../../support/recording-client.ts';

describe('permission requests of an agent', () => {
  it('apply an approval for the task to no other command and to no guarded file', async () => {
    const client = new RecordingClient(() => approveForTask);
    const updates = new UpdateLog(guardClient(client, {}), new Accounting('turn'), '/w');
    const permissions = new Permissions(guardClient(client, {}), updates, '/w');
    const options = [{ optionId: 'a', kind: 'allow_once' }];
    let asked = 0;
    const isAsked = async (toolCall: object): Promise<boolean> => {
      await permissions.ask({ toolCall, options });
      const more = client.requests.length > asked;
      asked = client.requests.length;
      return more;
    };
    const run = (rawInput: object): object => ({ toolCallId: '1', name: 'bash', kind: 'execute', rawInput });
    assert.ok(await isAsked(run({ command: ['echo', 'a; rm -rf x'] })));
    assert.ok(
      await isAsked(run({ command: 'echo a; rm -rf x' })),
      'one word is not the same as what a shell makes of it',
    );
    assert.ok(await isAsked(run({ command: 'npm test', description: 'Runs the tests' })));
    assert.equal(await isAsked(run({ command: 'npm test', description: 'Again', timeout: 5 })), false);
    assert.ok(await isAsked(run({ command: 'npm test', env: { PATH: '.' } })));
    assert.ok(await isAsked(run({ command: 'npm test', workdir: '/etc' })));
    const edit = (path: string): object => ({ toolCallId: '2', name: 'edit', kind: 'edit', rawInput: { path } });
    assert.ok(await isAsked(edit('/w/src/a')));
    assert.equal(await isAsked(edit('/w/src/b')), false);
    for (const path of ['/w/.git/hooks/x', '/w/.systemprompt/config.json', '/w/.env', '/etc/x', '/w/src/../../x']) {
      assert.ok(await isAsked(edit(path)), path);
    }
    assert.equal(await isAsked(edit('/w/.env')), false, 'itself it covers');
  });

  it('name the folder of the task when a tool affects all of it', async () => {
    const client = new RecordingClient();
    const updates = new UpdateLog(guardClient(client, {}), new Accounting('turn'), '/w');
    updates.beginTurn();
    const call = { toolCallId: '1', name: 'grep', kind: 'search', rawInput: { path: '/w' } };
    await new Permissions(guardClient(client, {}), updates, '/w').ask({ toolCall: call, options: [] });
    assert.deepEqual(client.requests[0]?.detail.files, ['/w']);
    await updates.update({ update: { sessionUpdate: 'tool_call', ...call, status: 'completed' } }, 100);
    assert.deepEqual(client.entries.at(-1)?.metadata?.['files'], ['/w']);
  });
});
