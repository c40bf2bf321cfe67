import { unknownWord } from './command-options.ts';
import { begins, isRunner, manyInOne } from './rules-command.ts';

/** What a rule about a command would say, or why there is none. */
export type Pattern = { readonly pattern: string } | { readonly reason: string };

/** Commands that look, check or can be taken back, whatever harmless words follow: a rule covers those words too. */
const openings: readonly (readonly string[])[] =
  `npm test|pnpm test|yarn test|cargo test|cargo check|cargo clippy|cargo build|cargo fmt|go test|go vet|go build|go list
dotnet test|dotnet build|gradle test|mvn test|composer test|helm lint|terraform validate|uv lock
git status|git diff|git log|git show|git blame|git grep|git add|git commit -m|git commit -am|git branch --list|git ls-files|git rev-parse
pytest|ruff check|mypy|tsc|eslint|vitest|jest|ls|cat|head|tail|wc|rg|grep|mkdir`
    .split(/[|\n]/)
    .map((words) => words.split(' '));

/** Programs that run a script by its name, which says what is done; further words are its arguments. */
const scripts: readonly (readonly string[])[] = ['npm', 'pnpm', 'yarn', 'composer'].map((program) => [program, 'run']);
const outward =
  /publish|deploy|release|push|upload|ship|clean|reset|remove|delete|destroy|drop|migrate|install|prepare|exec/i;

/** Programs whose work cannot be taken back, reaches other machines or changes what later commands mean. */
const final = new Set(
  `rm rmdir unlink shred truncate mv cp ln kill pkill killall chmod chown chgrp mount umount mkfs fdisk shutdown reboot halt
  poweroff service launchctl useradd usermod passwd iptables ufw set unset export cd pushd popd umask ulimit exit logout login
  del erase rd move copy ren rename xcopy robocopy format reg taskkill icacls attrib takeown net netsh sc schtasks runas setx
  ansible heroku vercel netlify firebase flyctl fly wrangler serverless pulumi psql mysql sqlite3 mongosh redis-cli
  twine rake bundler printenv split csplit unzip gzip gunzip bzip2 xz zstd gpg openssl security keychain mail sendmail`.split(
    /\s+/,
  ),
);

/** The narrowest rule that spares the next question about the like of a command, or why no rule is safe. */
export function patternForCommand(words: readonly string[]): Pattern {
  const [program = '', ...rest] = words;
  if (isRunner(words))
    return { reason: `${program} runs what its arguments say, so that a rule would allow anything.` };
  if (final.has(program))
    return { reason: `What ${program} does cannot be taken back, so that it is asked each time.` };
  // Another case is the same program on some machines, and not the one that the lists here know.
  if (program !== program.toLowerCase()) return { reason: `"${program}" is no usual name of a program.` };
  const risky = unknownWord(words);
  if (risky !== undefined) {
    return {
      reason: `"${risky}" is not known to be harmless: it may lead out of the folder, or make ${program} run or write something else.`,
    };
  }
  const open = openingOf(words);
  if (open !== undefined) return { pattern: `${open.map(quoted).join(' ')} *` };
  if (manyInOne.has(program)) {
    const name = [program, ...rest.slice(0, 1)].join(' ');
    return { reason: `"${name}" is not known to only look, check or do what can be taken back.` };
  }
  return { pattern: words.map(quoted).join(' ') };
}

function openingOf(words: readonly string[]): readonly string[] | undefined {
  const known = openings.find((opening) => begins(words, opening));
  if (known !== undefined) return known;
  const [program, run, script] = words;
  const named = script !== undefined && /^[\w.:-]+$/.test(script) && !script.startsWith('-') && !outward.test(script);
  if (!named || !scripts.some(([name, verb]) => name === program && verb === run)) return undefined;
  return words.slice(0, 3);
}

/** A word as it has to stand in a command to be one word: plain, or in quotes. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_./:@+,=-]+$/.test(word) ? word : `"${word}"`;
}
