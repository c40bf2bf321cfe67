import { plainLauncher } from '../../../src/agents/launcher.ts';
import { createShellAgent } from '../../../src/agents/shell/agent.ts';
import { agentContract } from '../../contract/agent.ts';
import { fakeAgent } from '../../support/fake-agent.ts';

agentContract('SHELL', () => ({
  agent: createShellAgent({ launcher: plainLauncher }),
  fine: { prompt: 'echo "it is done"', expected: 'it is done' },
  failing: { prompt: 'echo "no such thing" >&2; exit 3', errorCode: 'ExitCodeNonZero' },
  endless: { prompt: 'echo working; sleep 1000 & wait', expected: 'working' },
}));

agentContract('an agent over the Agent Client Protocol', () => ({
  agent: fakeAgent('polite'),
  fine: { prompt: 'go', expected: 'That was turn 1.' },
  failing: { prompt: 'stop: refusal', errorCode: 'AgentRefused' },
  endless: { prompt: 'forever', expected: '' },
}));
