import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expectedChecks } from '../agents/real/expected.ts';
import { scenarios } from '../agents/real/scenarios/all.ts';
import { agentsTable } from '../agents/real/table.ts';

const page = new URL('../../docs/agents.md', import.meta.url);
const begin = '<!-- Generated: UPDATE_AGENTS=1 node --test test/docs/agents-table.test.ts -->\n\n';
const end = '\n\n<!-- End of the generated table -->';

describe('the table of agents and checks', () => {
  it('is in docs/agents.md', () => {
    const text = readFileSync(page, 'utf8');
    const from = text.indexOf(begin) + begin.length;
    const to = text.indexOf(end);
    assert.ok(from >= begin.length && to >= from - end.length, 'the page has no place for the table');
    if (process.env.UPDATE_AGENTS === '1')
      writeFileSync(page, `${text.slice(0, from)}${agentsTable()}${text.slice(to)}`);
    else assert.equal(text.slice(from, to), agentsTable());
  });

  it('names every check once, and its failures match the expectations', () => {
    const names = scenarios.flatMap(({ checks }) => checks);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(
      expectedChecks.filter((name) => !names.includes(name)),
      [],
    );
  });
});
