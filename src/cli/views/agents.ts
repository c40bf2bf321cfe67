import type { AgentInfo } from '../../core/agent/port.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Output } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';

const head = [{ title: 'AGENT' }, { title: 'STATE' }, { title: 'VERSION' }, { title: 'PROGRAM' }] as const;

/** Available ones first; for the others, how to get them. */
export function agentTable(
  agents: readonly AgentInfo[],
  { style, columns }: Pick<Output, 'style' | 'columns'>,
): string {
  const sorted = [...agents.filter((agent) => agent.available), ...agents.filter((agent) => !agent.available)];
  const rows = sorted.map(({ name, available, version, path, install }) => [
    { text: sanitizeLine(name), paint: available ? (text: string) => style('bold', text) : undefined },
    {
      text: available ? '✓ available' : '– not installed',
      paint: (text: string) => style(available ? 'green' : 'dim', text),
    },
    { text: sanitizeLine(version ?? '') },
    { text: sanitizeLine(available ? (path ?? 'built in') : (install ?? '')) },
  ]);
  return renderTable(head, rows, style, columns).join('\n');
}
