import type { Agent } from '../../core/agent/port.ts';
import type { AcpAgentOptions } from './options.ts';

/** An agent whose adapter and protocol library load on first use, because most commands never need them. */
export function lazyAcpAgent(options: AcpAgentOptions): Agent {
  return {
    name: options.name,
    approvals: options.approvals,
    async open(request, client) {
      const { createAcpAgent } = await import('./agent.ts');
      return await createAcpAgent(options).open(request, client);
    },
  };
}
