import assert from 'node:assert/strict';
import type { Cli } from '../../../cli/cli.ts';
import type { Scenario } from '../scenario.ts';

interface Listed {
  readonly name: string;
  readonly available: boolean;
  readonly version?: string;
  readonly install?: string;
}

async function listed(run: Cli, name: string): Promise<Listed> {
  const { agents } = await run.json<{ agents: readonly Listed[] }>('agents');
  const found = agents.find((agent) => agent.name === name);
  assert.ok(found !== undefined);
  return found;
}

const detection: Scenario = {
  name: 'is detected',
  checks: ['detected with its version', 'not installed: says how to install it'],
  script: [],
  async drive({ run, uninstalled, agent }, check) {
    await check('detected with its version', async () => {
      const { available, version } = await listed(run, agent.name);
      assert.deepEqual([available, version], [true, agent.package.version]);
    });
    await check('not installed: says how to install it', async () => {
      const { available, install } = await listed(uninstalled, agent.name);
      assert.deepEqual([available, install], [false, `npm install -g ${agent.package.name}`]);
    });
  },
};

const login: Scenario = {
  name: 'needs a login',
  checks: ['not logged in: fails, and says how to log in'],
  script: [],
  async drive(bench, check) {
    await bench.loggedOut.ok('task', 'create', 'Think', '--assigned-to', bench.agent.name, '--start');
    await check('not logged in: fails, and says how to log in', async () => {
      const failed = await bench.reaches(['failed', 'paused', 'completed_active', 'completed']);
      assert.notEqual(failed.status, 'completed_active');
      assert.match(JSON.stringify(failed.error_next ?? []), /log ?in|login|API_KEY/i);
    });
  },
};

export const detections: readonly Scenario[] = [detection, login];
