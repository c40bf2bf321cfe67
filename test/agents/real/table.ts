import { realAgents } from './agents/all.ts';
import { expectationOf } from './expected.ts';
import { scenarios } from './scenarios/all.ts';

/** The table check × agent in Markdown; the suite asserts every cell of it. */
export function agentsTable(): string {
  const notes: string[] = [];
  const cell = (agent: string, check: string): string => {
    const expected = expectationOf(agent, check);
    if (expected === undefined) return 'yes';
    const why = 'cannot' in expected ? expected.cannot : expected.why;
    if (!notes.includes(why)) notes.push(why);
    return `${'cannot' in expected ? '–' : 'not yet'} (${notes.indexOf(why) + 1})`;
  };
  const rows = scenarios
    .flatMap(({ checks }) => checks)
    .map((check) => [check, ...realAgents.map(({ name }) => cell(name, check))]);
  const heads = ['check', ...realAgents.map(({ title, package: { version } }) => `${title} ${version}`)];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  const list = notes.map((why, index) => `${index + 1}. ${why}`);
  return [line(heads), rule, ...rows.map(line), '', ...list].join('\n');
}
