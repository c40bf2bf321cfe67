import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';

/** What can be at a path. */
export type Entry =
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly executable: boolean }
  | { readonly kind: 'link'; readonly to: string };

/** Files by path; no path is a folder of another. */
export type Tree = Readonly<Record<string, Entry>>;

const name = fc.constantFrom('a', 'b', 'with space', 'späß', '日本', '-x', "it's", ':(top)', '*', 'new\nline', 'ß.txt');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const entry: fc.Arbitrary<Entry> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('file' as const),
      bytes: fc.uint8Array({ maxLength: 40 }),
      executable: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('link' as const),
      to: fc.constantFrom('a', '../b', 'nowhere', '/etc/hostname'),
    }),
  },
);

export const tree: fc.Arbitrary<Tree> = fc.array(fc.tuple(path, entry), { maxLength: 8 }).map((pairs) => {
  const kept: Record<string, Entry> = {};
  for (const [at, what] of pairs) {
    const clashes = Object.keys(kept).some((other) => other.startsWith(`${at}/`) || at.startsWith(`${other}/`));
    if (!clashes) kept[at] = what;
  }
  return kept;
});

/** Makes a folder have these files and nothing else, but what is named. */
export function writeTree(folder: string, files: Tree, except: readonly string[] = ['.git']): void {
  for (const child of readdirSync(folder)) {
    if (!except.includes(child)) rmSync(join(folder, child), { recursive: true, force: true });
  }
  for (const [at, what] of Object.entries(files)) {
    const full = join(folder, at);
    mkdirSync(dirname(full), { recursive: true });
    if (what.kind === 'link') symlinkSync(what.to, full);
    else {
      writeFileSync(full, what.bytes);
      chmodSync(full, what.executable ? 0o755 : 0o644);
    }
  }
}

/** Everything in a folder in words that can be compared. */
export function readTree(folder: string, except: readonly string[] = ['.git'], prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const child of readdirSync(join(folder, prefix)).sort()) {
    const at = prefix === '' ? child : `${prefix}/${child}`;
    if (except.includes(at)) continue;
    const full = join(folder, at);
    const stat = lstatSync(full);
    if (stat.isSymbolicLink()) found[at] = `link ${readlinkSync(full)}`;
    else if (stat.isDirectory()) Object.assign(found, readTree(folder, except, at));
    else {
      const hash = createHash('sha256').update(readFileSync(full)).digest('hex');
      found[at] = `${(stat.mode & 0o100) === 0 ? '' : 'executable '}${hash}`;
    }
  }
  return found;
}
