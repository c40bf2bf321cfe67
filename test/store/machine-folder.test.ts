import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { machineFolder, stateFolder } from '../../src/store/machine-folder.ts';

it('the folders of a person are never in the current folder', () => {
  for (const path of [undefined, '', '.', '.config', 'a/b']) {
    assert.equal(machineFolder({ XDG_CONFIG_HOME: path }), join(homedir(), '.config', 'systemprompt'));
    assert.equal(
      stateFolder({ XDG_STATE_HOME: path, LOCALAPPDATA: undefined }),
      join(homedir(), '.local', 'state', 'systemprompt'),
    );
  }
  const own = join(homedir(), 'own');
  assert.equal(machineFolder({ XDG_CONFIG_HOME: own }), join(own, 'systemprompt'));
  assert.equal(stateFolder({ XDG_STATE_HOME: own }), join(own, 'systemprompt'));
});
