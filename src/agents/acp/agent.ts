import type { Agent } from '../../core/agent/port.ts';
import { TaskError } from '../../core/errors.ts';
import type { AcpAgentOptions } from './lazy.ts';

export function createAcpAgent(options: AcpAgentOptions): Agent {
  return {
    name: options.name,
    async open() {
      throw new TaskError('AgentUnavailable', 'not yet');
    },
  };
}
