import { programOf } from './words.ts';

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Pagers, editors, monitors, watchers and servers: they run until a person ends them. */
const endless =
  setOf(`less more most man vi vim nvim view nano pico emacs ed ex joe micro hx top htop btop atop watch nodemon entr tmux
  screen fswatch inotifywait ping tcpdump telnet sftp ftp gitk http-server live-server serve uvicorn gunicorn webpack-dev-server yes`);
/** Interpreters that read from the terminal if they get no input file. */
const interpreters =
  /^(python|pypy|ruby|irb|node|deno|bun|php|perl|lua|luajit|julia|r|ghci|jshell|scala|groovy|clj|psql|mysql|sqlite|mongosh|redis-cli|bash|sh|zsh|fish|dash|ksh|csh|tcsh|powershell|pwsh|cmd|bc|gdb|lldb)[\d.]*$/;
/** Programs that read their input to its end where no file is named. */
const filters = setOf('cat wc head tail sort uniq nl tee sha256sum md5sum jq grep egrep fgrep awk gawk sed tr cut');
/** Number of words besides options that such a filter needs. */
const needed: Readonly<Record<string, number>> = { grep: 2, egrep: 2, fgrep: 2, jq: 2, awk: 2, gawk: 2, sed: 2 };

const watching =
  /^--?(watch|watchall|watch-all|follow|continuous|looponfail|pdb|trace|interactive|ui|serve|step)(=(?!false|0$)|$)/i;
const shortWatch = setOf('vitest tsc vite webpack rollup esbuild mocha sass tailwindcss jest');
const scriptRunners = setOf('npm pnpm yarn bun');
const serving =
  /^(start|dev|serve|server|watch|preview|storybook)$|[:.-](watch|dev|serve|start)$|^(watch|dev|serve|start)[:.-]/;

/** Second words with which a program serves or watches. */
const verbs: Readonly<Record<string, RegExp>> = {
  vitest: /^(watch|dev|bench)$/,
  next: /^(dev|start)$/,
  nuxt: /^(dev|start)$/,
  astro: /^(dev|preview)$/,
  ng: /^serve$/,
  webpack: /^(serve|watch)$/,
  vite: /^(dev|serve|preview)$/,
  rails: /^(s|server|c|console|dbconsole)$/,
  flask: /^run$/,
  hugo: /^serve(r)?$/,
  jekyll: /^serve$/,
  mkdocs: /^serve$/,
  cargo: /^(watch|watch-run)$/,
  dotnet: /^watch$/,
  expo: /^start$/,
};

/** True for a command that may wait for a person, for changes or for input and so never end on its own. */
export function mayNeverEnd(words: readonly string[]): boolean {
  const program = programOf(words);
  const rest = words.slice(1);
  const operands = rest.filter((word) => !word.startsWith('-'));
  if (endless.has(program) || rest.some((word) => watching.test(word))) return true;
  if (interpreters.test(program)) return waitsForWords(rest) || servesHttp(program, rest);
  if (filters.has(program) && operands.length < (needed[program] ?? 1))
    return !rest.some((word) => /^-\w*[rR]/.test(word));
  if (program === 'git') return opensEditor(rest);
  if (hasLetter(rest, 'w') && shortWatch.has(program) && program !== 'jest') return true;
  if (/^(tail|journalctl)$/.test(program)) return hasLetter(rest, 'f') || hasLetter(rest, 'F');
  if (/^(docker|podman|kubectl|heroku)$/.test(program)) return rest.includes('logs') && hasLetter(rest, 'f');
  if (program === 'gradle' || program === 'gradlew') return hasLetter(rest, 't');
  if (program === 'gh') return rest.includes('watch');
  const [verb = '', script = ''] = operands;
  if (scriptRunners.has(program)) return serving.test(verb === 'run' || verb === 'run-script' ? script : verb);
  if (program === 'vitest') return runsOnce(rest) ? false : !/^(run|list|related|init)$/.test(verb);
  if (program === 'vite') return !/^(build|optimize)$/.test(verb);
  return verbs[program]?.test(verb) ?? false;
}

function waitsForWords(rest: readonly string[]): boolean {
  return rest.every((word) => /^(-|-i|-q|-a|-v|--interactive|repl)$/.test(word));
}

function servesHttp(program: string, rest: readonly string[]): boolean {
  if (/^(python|pypy)/.test(program)) return /^(http\.server|pdb|code)$/.test(rest[rest.indexOf('-m') + 1] ?? '');
  if (program === 'bun') return serving.test(rest[0] === 'run' ? (rest[1] ?? '') : (rest[0] ?? ''));
  return program === 'php' && rest.includes('-S');
}

function runsOnce(rest: readonly string[]): boolean {
  return rest.some((word) => /^--(run|watch=false|no-watch|version|help)$/.test(word));
}

/** Letters that can be combined: `-fn5`. Long options cannot. */
function hasLetter(rest: readonly string[], letter: string): boolean {
  return rest.some(
    (word) =>
      /^-[A-Za-z]/.test(word) &&
      word
        .slice(1)
        .replace(/[=\d].*/, '')
        .includes(letter),
  );
}

/** Subcommands and options with which git opens an editor or asks for a part. */
function opensEditor([task = '', ...rest]: readonly string[]): boolean {
  const has = (option: RegExp): boolean => rest.some((word) => option.test(word));
  if (/^(add|stage|stash|reset|restore|checkout|commit)$/.test(task) && has(/^(-p|--patch|--interactive|--edit)$/))
    return true;
  switch (task) {
    case 'commit': {
      const given =
        /^-[A-Za-z]*[mFC]|^--(message|file|reuse-message|no-edit|fixup|squash|dry-run|short|porcelain)(=|$)/;
      return !has(given);
    }
    case 'add':
    case 'stage':
    case 'clean':
      return has(/^-[A-Za-z]*[ie]/);
    case 'rebase':
      return has(/^(-i|--interactive|--edit-todo)$/);
    case 'revert':
      return !has(/^(--no-edit|-n|--no-commit)$/);
    case 'tag':
      return has(/^-[as]$/) && !has(/^-m|^--message/);
    default:
      return /^(mergetool|difftool|citool|gui|instaweb|daemon)$/.test(task) || has(/^--edit-description$/);
  }
}
