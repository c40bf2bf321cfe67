import type { z } from 'zod';
import type { AgentInfo } from '../../core/agent/catalog.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { agents } from '../../operations/agent/agents.ts';
import type { Output } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';

const head = [
  { title: 'AGENT' },
  { title: 'STATE' },
  { title: 'VERSION' },
  { title: 'APPROVALS' },
  { title: 'PROGRAM' },
] as const;

/** The agents, how to install missing ones, unconfirmed entries with their commands, and problems. */
export function agentsView(
  { agents: found, unconfirmed, commands, rules, settings, digests, problems }: z.output<typeof agents.output>,
  out: Pick<Output, 'style' | 'columns'>,
): string {
  const lines = [agentTable(found, out)];
  const missing = found.filter(({ available, install }) => !available && install !== undefined);
  if (missing.length > 0) lines.push('', 'To install:');
  for (const { name, install } of missing) lines.push(`  ${sanitizeLine(name)}: ${sanitizeLine(install ?? '')}`);
  if (unconfirmed.length > 0) lines.push('', 'Not confirmed: these came with the folder and would run');
  for (const name of unconfirmed)
    lines.push(`  ${out.style('yellow', sanitizeLine(name))}: ${sanitizeLine(commands[name] ?? '?')}`);
  if (digests.agents !== undefined) lines.push(`Allow just these on this machine: ${confirming(digests.agents)}`);
  if (rules.length > 0) lines.push('', 'Not confirmed: this came with the folder and would be allowed without asking');
  for (const rule of rules) lines.push(`  ${out.style('yellow', sanitizeLine(rule))}`);
  if (digests.rules !== undefined) lines.push(`Let just this count on this machine: ${confirming(digests.rules)}`);
  if (settings.length > 0) lines.push('', 'Not confirmed: this folder sets');
  for (const setting of settings) lines.push(`  ${out.style('yellow', sanitizeLine(setting))}`);
  if (digests.settings !== undefined)
    lines.push(`Let these settings count on this machine: ${confirming(digests.settings)}`);
  if (problems.length > 0) lines.push('', 'Not right:');
  for (const problem of problems) lines.push(`  ${sanitizeLine(problem)}`);
  return lines.join('\n');
}

function confirming(digest: string): string {
  return `systemprompt agents --confirm ${digest}`;
}

/** Available ones first. */
function agentTable(agents: readonly AgentInfo[], { style, columns }: Pick<Output, 'style' | 'columns'>): string {
  const sorted = [...agents.filter((agent) => agent.available), ...agents.filter((agent) => !agent.available)];
  const rows = sorted.map(({ name, available, version, approvals, path }) => [
    { text: sanitizeLine(name), paint: available ? (text: string) => style('bold', text) : undefined },
    {
      text: available ? '✓ available' : '– not installed',
      paint: (text: string) => style(available ? 'green' : 'dim', text),
    },
    { text: sanitizeLine(version ?? '') },
    { text: approvals ?? '' },
    { text: sanitizeLine(available ? (path ?? 'built in') : '') },
  ]);
  return renderTable(head, rows, style, columns).join('\n');
}
