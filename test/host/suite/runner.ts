import { appendFileSync } from 'node:fs';
import type { ReportLine } from '../report.ts';

/** A test in the extension host: passes when its function returns, fails when it throws. */
export type TestFunction = () => void | Promise<void>;

interface Registered {
  readonly name: string;
  readonly fn: TestFunction;
  readonly timeoutMs: number;
}

/** How long anything is waited for, in milliseconds: as long as a slow machine may take, since only a wait that fails takes it all. */
const PATIENCE_MS = 60_000;

const tests: Registered[] = [];

/**
 * Registers a test. Tests run one after the other in the order they were registered, in one window: each
 * leaves the workspace as it found it, or uses names of its own. (`node:test` reports results inside the extension host, but never ends there.)
 */
export function test(name: string, fn: TestFunction, options: { readonly timeoutMs?: number } = {}): void {
  tests.push({ name, fn, timeoutMs: options.timeoutMs ?? PATIENCE_MS * 3 });
}

/** What VS Code calls when the extension host is ready. It never throws: the report says what failed. */
export async function run(): Promise<void> {
  const only = process.env.HOST_TEST_FILTER;
  for (const registered of tests) {
    if (only !== undefined && only !== '' && !registered.name.includes(only)) continue;
    const started = performance.now();
    const error = await outcome(registered);
    const ms = performance.now() - started;
    report({ type: 'test', name: registered.name, ms, ...(error === undefined ? {} : { error }) });
  }
  report({ type: 'end' });
}

/**
 * Waits until `check` stops throwing and gives what it returned; after `timeoutMs` it throws the last error.
 * For what happens "soon", such as a view that follows a change made by another process.
 */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = PATIENCE_MS): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

async function outcome({ fn, timeoutMs }: Registered): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not end in ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([fn(), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

function report(line: ReportLine): void {
  const file = process.env.HOST_TEST_REPORT;
  if (file === undefined) throw new Error('HOST_TEST_REPORT is not set: these tests are started by test/host/run.ts');
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}
