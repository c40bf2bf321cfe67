import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { canInstallPackages, installPackages } from '../../scripts/apt.ts';
import { PostgresRepository } from '../../src/store/postgres/postgres-repository.ts';
import { until } from './temp-folder.ts';

const DEBIAN = '/usr/lib/postgresql';

/**
 * Debian's PostgreSQL, installed with apt-get where that needs no password. Tests are skipped where it is missing: loudly,
 * and not in CI.
 *
 * @throws Error in CI
 */
export async function postgresOrSkip(): Promise<string | false> {
  if (binaries() === undefined && canInstallPackages()) {
    await installPackages(['postgresql'], 'the database for tests').catch(() => {});
  }
  if (binaries() !== undefined) return false;
  const skip = 'PostgreSQL is not installed. Install the package postgresql.';
  if (/^(?:1|true)$/i.test(process.env.CI ?? '') && process.platform === 'linux') throw new Error(skip);
  console.error(`\n!!! The tests with PostgreSQL CANNOT RUN HERE: ${skip}\n`);
  return skip;
}

/** A server in a temporary folder on a free port of this machine. */
export class PostgresServer {
  readonly port: number;
  private readonly folder: string;
  private readonly user: { uid?: number; gid?: number };
  private data: string;
  private readonly disk: boolean;
  private child: ChildProcess | undefined;
  private readonly settings: readonly string[];
  private stores = 0;

  private constructor(
    folder: string,
    port: number,
    user: PostgresServer['user'],
    settings: readonly string[],
    disk: boolean,
  ) {
    this.folder = folder;
    this.data = join(folder, 'data');
    this.disk = disk;
    this.port = port;
    this.user = user;
    this.settings = settings;
  }

  /**
   * @param durable whether the server waits for the disk; a crash of the server alone loses nothing anyway
   * @param tls whether it has a certificate, which no authority signed
   * @param megabytes size of a disk of its own, which only root can mount
   */
  static async start({
    durable = false,
    tls = false,
    megabytes,
  }: {
    durable?: boolean;
    tls?: boolean;
    megabytes?: number;
  } = {}): Promise<PostgresServer> {
    const bin = binaries();
    if (bin === undefined) throw new Error('PostgreSQL is missing: apt-get install postgresql');
    const folder = mkdtempSync(join(tmpdir(), 'systemprompt-postgres-'));
    if (megabytes !== undefined) mountDisk(folder, megabytes);
    // The server refuses to run as root.
    const user = process.getuid?.() === 0 ? postgresUser() : undefined;
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync'];
    execFileSync(join(bin, 'initdb'), ['-D', join(folder, 'data'), ...options], {
      ...user,
      cwd: folder,
      stdio: 'pipe',
    });
    const server = new PostgresServer(
      folder,
      await freePort(),
      user ?? {},
      [...(durable ? [] : ['fsync=off']), ...(tls ? certified(folder, user) : [])],
      megabytes !== undefined,
    );
    await server.boot();
    return server;
  }

  /** The variables of a process that reaches the server without a network, with an address that has no host. */
  get local(): NodeJS.ProcessEnv {
    return { PGHOST: this.folder, PGPORT: `${this.port}`, PGUSER: 'postgres' };
  }

  /** The certificate of a server with TLS. */
  get certificate(): string {
    return join(this.folder, 'server.crt');
  }

  /** The address of a store. */
  url(store = 'default', database = 'postgres', user = 'postgres'): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}?store=${store}`;
  }

  /** Makes a user who needs a password. */
  async guard(user: string, password: string): Promise<void> {
    await this.sql(`create role ${user} login superuser password '${password}'`);
    const file = join(this.data, 'pg_hba.conf');
    writeFileSync(file, `host all ${user} 127.0.0.1/32 scram-sha-256\n${readFileSync(file, 'utf8')}`);
    await this.sql('select pg_reload_conf()');
  }

  /** Creates an empty store. @returns its address */
  async store(): Promise<string> {
    this.stores += 1;
    const url = this.url(`store-${this.stores}`);
    await PostgresRepository.create(url);
    return url;
  }

  /** Runs statements as the owner of the server. @returns the rows of the last one */
  async sql(text: string, database = 'postgres'): Promise<unknown[]> {
    const client = new Client({ host: '127.0.0.1', port: this.port, user: 'postgres', database });
    await client.connect();
    try {
      const results: unknown = await client.query(text);
      return ([results].flat().at(-1) as { rows: unknown[] }).rows;
    } finally {
      await client.end();
    }
  }

  /** Starts the server process, also again after `stop`. */
  async boot(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      'max_connections=300',
      `unix_socket_directories=${this.folder}`,
      `port=${this.port}`,
      ...this.settings,
    ];
    const args = ['-D', this.data, ...settings.flatMap((setting) => ['-c', setting])];
    this.child = spawn(join(binaries() ?? '', 'postgres'), args, { ...this.user, cwd: this.folder, stdio: 'ignore' });
    const ready = join(this.data, 'postmaster.pid');
    await until('PostgreSQL is ready', () => existsSync(ready) && /\nready *\n/.test(readFileSync(ready, 'utf8')));
  }

  /** @param signal SIGQUIT ends it as a crash does */
  async stop(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Copies the server while it works, for `failOver`. */
  async backup(): Promise<void> {
    const args = [
      '-h',
      '127.0.0.1',
      '-p',
      `${this.port}`,
      '-U',
      'postgres',
      '-D',
      this.copy,
      '-X',
      'stream',
      '-c',
      'fast',
    ];
    await promisify(execFile)(join(binaries() ?? '', 'pg_basebackup'), [...args, '--no-sync'], this.user);
  }

  /** Crashes, and starts from the copy and the log of changes that the server has written since. */
  async failOver(): Promise<void> {
    await this.stop('SIGQUIT');
    execFileSync('cp', ['-r', `${join(this.data, 'pg_wal')}/.`, join(this.copy, 'pg_wal')], this.user);
    this.data = this.copy;
    await this.boot();
  }

  private get copy(): string {
    return join(this.folder, 'copy');
  }

  /** Leaves no free space on a disk of its own. */
  fillDisk(): void {
    try {
      writeFileSync(join(this.folder, 'filler'), Buffer.alloc(1e9));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  /** Starts again if the full disk has ended the server. */
  async freeDisk(): Promise<void> {
    rmSync(join(this.folder, 'filler'));
    if (this.child?.exitCode === null) return;
    await this.boot();
  }

  /** Stops all processes of the server without ending them; connections stay open. */
  pause(): void {
    for (const pid of this.processes()) process.kill(pid, 'SIGSTOP');
  }

  resume(): void {
    for (const pid of this.processes()) process.kill(pid, 'SIGCONT');
  }

  /** Milliseconds of CPU that the living processes of the server have used. Linux only. */
  get cpuMs(): number {
    const used = this.processes().map((pid) => {
      try {
        return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
      } catch {
        return 0;
      }
    });
    return used.reduce((sum, ns) => sum + ns, 0) / 1e6;
  }

  private processes(): number[] {
    const { pid } = this.child ?? {};
    if (pid === undefined) return [];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return [pid, ...children.trim().split(' ').map(Number)];
  }

  async end(): Promise<void> {
    await this.stop('SIGQUIT');
    if (this.disk) execFileSync('umount', [this.folder]);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function binaries(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  return readdirSync(DEBIAN)
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
}

/** Whether this process may mount a disk of its own; tests that need one are skipped elsewhere, loudly. */
export function diskOrSkip(): string | false {
  const folder = mkdtempSync(join(tmpdir(), 'systemprompt-disk-'));
  try {
    mountDisk(folder, 1);
    execFileSync('umount', [folder]);
    return false;
  } catch {
    const skip = 'This process may not mount a disk.';
    console.error(`\n!!! The tests with a full disk of the server CANNOT RUN HERE: ${skip}\n`);
    return skip;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function mountDisk(folder: string, megabytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
}

/** The settings of a server with a certificate for 127.0.0.1, which is its own authority. */
function certified(folder: string, user: { uid: number; gid: number } | undefined): string[] {
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, '-keyout', key];
  execFileSync('openssl', [...args, '-out', certificate], { stdio: 'pipe' });
  chmodSync(key, 0o600);
  if (user !== undefined) chownSync(key, user.uid, user.gid);
  return ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`];
}

function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()));
    });
  });
}
