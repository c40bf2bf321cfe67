/**
 * One suite for every real agent: the same scenarios, each in front of a scripted model on loopback.
 *
 * By hand, one scenario for one agent (build the command line first, it starts faster):
 *
 *     node esbuild.js --production
 *     TEST_CLI=$PWD/dist/cli.cjs node --test --test-name-pattern 'asks for approval' test/agents/real/codex.test.ts
 *
 * The pattern is the name of a scenario or of a check; a scenario without a selected check does not start. A scenario
 * with a failed check prints its tasks, their logs and the requests to the model; with `KEEP=1` each scenario does.
 *
 * A check that fails because of a known fault of the product is listed in `expected.ts`. It is asserted to fail: it turns
 * red when the fault is fixed, and its line there must be deleted, then `UPDATE_AGENTS=1 node --test
 * test/docs/agents-table.test.ts` writes the table in `docs/agents.md`.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { RealAgent } from './agents/agent.ts';
import { type Bench, makeBench, Releases } from './bench.ts';
import { type Expectation, expectationOf } from './expected.ts';
import { installOrSkip } from './install.ts';
import type { CheckName, Scenario } from './scenario.ts';
import { scenarios } from './scenarios/all.ts';

/** Scenarios at once: an agent waits for its model, a retry or the worker for much of the time. */
const AT_ONCE = 3;

/** Declares the tests of an agent. */
export async function realAgentSuite(agent: RealAgent): Promise<void> {
  const { program, skip } = await installOrSkip(agent.package);
  const inOrder = [...scenarios].sort((a, b) => Number(b.waits ?? false) - Number(a.waits ?? false));
  describe(`the real ${agent.title} ${agent.package.version}`, { skip, concurrency: AT_ONCE }, () => {
    for (const scenario of inOrder) {
      describe(scenario.name, { concurrency: 1 }, () => {
        const releases = new Releases();
        after(() => releases.run());
        const wanted = scenario.checks.filter((name) => runs(expectationOf(agent.name, name)));
        let results: Promise<Map<CheckName, unknown>> | undefined;
        for (const name of wanted) {
          it(name, async () => {
            results ??= drive(releases, agent, program, scenario);
            judge(agent, name, await results);
          });
        }
      });
    }
  });
}

function runs(expected: Expectation | undefined): boolean {
  return expected === undefined || 'fault' in expected;
}

async function drive(
  releases: Releases,
  agent: RealAgent,
  program: string,
  scenario: Scenario,
): Promise<Map<CheckName, unknown>> {
  const results = new Map<CheckName, unknown>();
  const bench = await makeBench(releases, agent, program, scenario.script);
  try {
    await scenario.drive(bench, async (name, holds) => {
      assert.ok(scenario.checks.includes(name), `The scenario does not declare "${name}".`);
      try {
        await holds();
        results.set(name, undefined);
      } catch (error) {
        results.set(name, error);
      }
    });
  } catch (error) {
    for (const name of scenario.checks) if (!results.has(name)) results.set(name, error);
  }
  const isExpected = (name: CheckName): boolean => expectationOf(agent.name, name) !== undefined;
  const failed = [...results].some(([name, error]) => error !== undefined && !isExpected(name));
  if (failed || process.env.KEEP === '1') await print(bench).catch(console.error);
  await releases.run();
  return results;
}

/** Prints what a failed check needs to be understood, because the folder goes away. */
async function print({ run, task, logs, model }: Bench): Promise<void> {
  const { tasks } = await run.json<{ tasks: readonly { readonly number: number }[] }>('task', 'list');
  for (const reference of tasks.map(({ number }) => String(number))) {
    const { history: _, ...shown } = await task(reference);
    console.error(JSON.stringify(shown, null, 1));
    for (const entry of await logs(reference)) console.error(JSON.stringify(entry));
  }
  for (const request of model.requests) console.error(request.path, request.model, request.text.slice(-1_500));
  console.error(model.unknown, model.spent, model.sideCalls.length);
}

function judge(agent: RealAgent, name: CheckName, results: ReadonlyMap<CheckName, unknown>): void {
  assert.ok(results.has(name), 'The scenario ended without this check.');
  const error = results.get(name);
  const expected = expectationOf(agent.name, name);
  if (expected === undefined || !('fault' in expected)) {
    if (error !== undefined) throw error;
    return;
  }
  assert.ok(
    error !== undefined,
    `It works now, though it is listed as a known fault (class ${expected.fault}): delete its line in expected.ts.`,
  );
  if (process.env.KEEP === '1') console.error(`expected failure of "${name}":`, error);
}
