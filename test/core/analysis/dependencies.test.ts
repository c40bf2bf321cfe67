import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outdatedDependencies, vulnerableDependencies } from '../../../src/core/analysis/dependencies.ts';

describe('suggestions from the reports of npm', () => {
  it('name each vulnerable package with its severity and advisories', () => {
    const report = {
      auditReportVersion: 2,
      vulnerabilities: {
        lodash: {
          name: 'lodash',
          severity: 'high',
          isDirect: true,
          via: [{ title: 'Prototype Pollution', url: 'https://github.com/advisories/GHSA-x' }],
          range: '<4.17.21',
        },
        inner: { name: 'inner', severity: 'low', isDirect: false, via: ['lodash'], range: '*' },
      },
    };
    const [first, second] = vulnerableDependencies(JSON.stringify(report)) ?? [];
    assert.deepEqual(
      [first?.kind, first?.key, first?.score, first?.files],
      ['dependencies', 'dependencies:vulnerable:lodash', 0.9, ['package.json']],
    );
    assert.match(first?.description ?? '', /severity "high" in lodash <4\.17\.21\.\n- Prototype Pollution https:/);
    assert.equal(second?.score, 0.4);
    assert.match(second?.description ?? '', /It comes through lodash\./);
  });

  it('rank old packages by the number of major versions', () => {
    const report = {
      a: { current: '1.2.3', wanted: '1.2.3', latest: '3.0.0' },
      b: { current: '1.2.3', wanted: '1.3.0', latest: '1.3.0' },
      c: { wanted: '2.0.0', latest: '2.0.0' },
    };
    assert.deepEqual(
      outdatedDependencies(JSON.stringify(report))?.map(({ key, score, title }) => [key, score, title]),
      [
        ['dependencies:outdated:a', 0.75, 'Upgrade a from 1.2.3 to 3.0.0'],
        ['dependencies:outdated:b', 0.5, 'Upgrade b from 1.2.3 to 1.3.0'],
      ],
    );
    assert.deepEqual(outdatedDependencies(''), [], 'npm writes nothing if all are current');
  });

  it('are missing without a network or for another form', () => {
    const refusal = '{ "message": "request failed", "error": { "code": "ENOTFOUND" } }';
    for (const output of ['', '{', refusal]) assert.equal(vulnerableDependencies(output), undefined, output);
    for (const output of ['{', '[1]', '{ "error": { "code": "E" } }'])
      assert.equal(outdatedDependencies(output), undefined, output);
  });
});
