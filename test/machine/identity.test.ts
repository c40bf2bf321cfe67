import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, it } from 'node:test';
import type { Lease } from '../../src/core/task/schema.ts';
import { leaseIsLive, liveness, ownIdentity } from '../../src/machine/identity.ts';

const linux = { skip: process.platform !== 'linux' && 'only Linux names its boots and namespaces' };
const own = ownIdentity();

function lease(change: Partial<Lease>): Lease {
  return { worker: 'w', ...own, expires_at: new Date(60_000).toISOString(), ...change };
}

describe('the owner of a lease', () => {
  it('keeps it while alive on this machine, for any clock value', () => {
    assert.equal(liveness(own), 'alive');
    assert.ok(leaseIsLive(lease({}), 59_000));
    assert.ok(leaseIsLive(lease({}), Number.MAX_SAFE_INTEGER));
  });

  it('loses it at once if its process ended or another one has its id', linux, async () => {
    assert.equal(liveness({ ...own, started: '1' }), 'dead');
    assert.ok(!leaseIsLive(lease({ started: '1' }), 0));
    const child = spawn('true');
    await once(child, 'exit');
    assert.equal(liveness({ ...own, pid: child.pid ?? 0, started: '' }), 'dead');
  });

  it('keeps it while suspended', linux, async (context) => {
    const child = spawn('sleep', ['100']);
    context.after(() => child.kill('SIGKILL'));
    await once(child, 'spawn');
    child.kill('SIGSTOP');
    assert.equal(liveness({ ...own, pid: child.pid ?? 0, started: '' }), 'alive');
  });

  for (const [where, change] of [
    ['another machine', { host: 'elsewhere', machine: 'another', boot: 'another' }],
    ['another container with the name of this one', { pid_namespace: 'pid:[1]' }],
    ['another machine with the name of this one', { machine: 'another', boot: 'another' }],
    ['another machine with the machine id of this one', { host: 'elsewhere', boot: 'another' }],
    ['a copy of this machine', { machine: 'another' }],
    ['a machine that only its name tells', { host: 'elsewhere', boot: undefined }],
  ] as const) {
    it(`keeps it until expiry on ${where}`, linux, () => {
      // Its pid and start time are those of a process that lives here, or of none: neither means anything.
      for (const started of [own.started, '1']) {
        assert.equal(liveness({ ...own, ...change, started }), 'unknown');
        assert.ok(leaseIsLive(lease({ ...change, started }), 59_999));
        assert.ok(!leaseIsLive(lease({ ...change, started }), 60_000));
      }
    });
  }

  it('is dead if it started before the boot of this machine', {
    skip: own.machine === undefined && 'it has no id',
  }, () => {
    assert.equal(liveness({ ...own, boot: 'earlier' }), 'dead');
  });

  it('is identified by the machine name alone if version 0.1 wrote it', linux, () => {
    assert.equal(liveness({ host: hostname(), pid: own.pid, started: own.started }), 'alive');
    assert.equal(liveness({ host: hostname(), pid: own.pid, started: '1' }), 'dead');
  });

  it('does not reveal the id of the machine', linux, () => {
    const id = (() => {
      try {
        return readFileSync('/etc/machine-id', 'utf8').trim();
      } catch {
        return '';
      }
    })();
    assert.ok(id === '' || !JSON.stringify(own).includes(id));
  });
});
