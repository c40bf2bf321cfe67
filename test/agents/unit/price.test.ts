import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import { defaultPrice, priceOf, withEstimate } from '../../../src/agents/price.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const prices = { small: { input: 1, output: 4 }, '*': { input: 2, output: 10 } };

describe('configured prices', () => {
  it('apply by the exact name of the model, and "*" to every other one', () => {
    assert.equal(priceOf(prices, 'small'), prices.small);
    for (const model of ['Small', 'toString', undefined]) assert.equal(priceOf(prices, model), prices['*']);
    assert.equal(priceOf({ small: prices.small }, 'other'), undefined);
    assert.equal(priceOf({ small: prices.small }, 'constructor'), undefined);
    assert.equal(priceOf(undefined, 'small'), undefined);
  });

  it('have one for the model that an agent chooses, unless it may be one of several', () => {
    assert.equal(defaultPrice(prices), prices['*']);
    assert.equal(defaultPrice({ small: prices.small }), prices.small);
    assert.equal(defaultPrice({ small: prices.small, large: prices['*'] }), undefined);
    assert.equal(defaultPrice(undefined), undefined);
  });

  it('estimate a cost per million tokens of each direction', () => {
    const usage = { input_tokens: 500_000, output_tokens: 100_000, total_tokens: 600_000 };
    assert.deepEqual(withEstimate(usage, prices.small), { ...usage, cost_usd: 0.9, cost_estimated: true });
    assert.deepEqual(withEstimate({ output_tokens: 1_000 }, prices['*']), {
      output_tokens: 1_000,
      cost_usd: 0.01,
      cost_estimated: true,
    });
  });

  it('replace no reported cost, and make none up for unknown tokens', () => {
    const reported = { input_tokens: 10, output_tokens: 1, cost_usd: 0.5 };
    assert.equal(withEstimate(reported, prices.small), reported);
    const unknown = { iterations: 1 };
    assert.equal(withEstimate(unknown, prices.small), unknown);
    assert.equal(withEstimate({ input_tokens: 10 }, undefined).cost_usd, undefined);
  });

  it('make the cost of an agent countable that reports none', (context) => {
    const CODEX = { prices: { small: prices.small } };
    const catalog = createAgentCatalog({ folder: tempFolder(context), agents: { CODEX, GEMINI: { prices } } });
    assert.deepEqual(
      ['small', 'other', undefined].map((model) => catalog.countsCost('CODEX', model)),
      [true, false, false],
    );
    assert.equal(catalog.countsCost('GEMINI', undefined), true);
    assert.equal(catalog.countsCost('CLAUDECODE', undefined), true);
    assert.equal(catalog.countsCost('SHELL', undefined), undefined);
  });
});
