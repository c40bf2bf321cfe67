import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Call = (...args: never[]) => unknown;

/** Calls that change a file, since it was armed. */
let calls = 0;
let armed = false;

/** `before 3`, `within 3` or `after 3`; within a write, only a part of it is written. */
const [moment = '', at = ''] = (process.env['DISK_KILL_AT'] ?? '').split(' ');

/** From now on the process ends at the call with the number in `DISK_KILL_AT`. */
export function arm(): void {
  armed = true;
}

/** The number of calls since it was armed. */
export function disarm(): number {
  armed = false;
  return calls;
}

function isNext(now: string): boolean {
  return armed && moment === now && Number(at) === calls;
}

function end(): void {
  process.kill(process.pid, 'SIGKILL');
  // The signal to the own process arrives at once, but not before this call returns.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
}

function deadly(owner: object, name: string): void {
  const methods = owner as Record<string, Call>;
  const real = methods[name] as Call;
  const writes = /write|append/.test(name);
  methods[name] = function (this: unknown, ...args: never[]): unknown {
    if (!armed) return real.apply(this, args);
    calls += 1;
    if (isNext('before')) end();
    const isCut = isNext('within');
    const result = real.apply(this, isCut && writes ? (halved(args) as never[]) : args);
    if (!isCut && !isNext('after')) return result;
    if (result instanceof Promise) return result.finally(end);
    end();
    return result;
  };
}

/** The arguments of a write, of which only the first half is written. */
function halved(args: readonly unknown[]): unknown[] {
  const at = args.findIndex((arg) => typeof arg === 'string' || Buffer.isBuffer(arg) || Array.isArray(arg));
  const data = args[at] as string | Buffer | unknown[];
  const length = args[at + 2];
  if (typeof length === 'number') return args.with(at + 2, Math.ceil(length / 2));
  return args.with(at, data.slice(0, Math.ceil(data.length / 2)));
}

const handle = await fsp.open('/dev/null');
const prototype = Object.getPrototypeOf(handle) as object;
await handle.close();
for (const name of ['write', 'writev', 'writeFile', 'appendFile', 'sync', 'datasync', 'truncate'])
  deadly(prototype, name);
for (const name of ['rename', 'link', 'unlink', 'rm', 'mkdir', 'copyFile']) deadly(fsp, name);
for (const name of ['writeSync', 'renameSync', 'fsyncSync', 'mkdirSync', 'unlinkSync']) deadly(fs, name);
syncBuiltinESMExports();
