/** Options of test runners behind scripts. Other scripts are unknown. */
const toScripts = '--run --no-watch --watch=false --watchAll=false --coverage --verbose --silent --bail';
const npm = `-s --silent --if-present --workspaces --workspace=path -- ${toScripts}`;

const color = '--color[=always|never|auto] --no-color';
const lookAtChanges = `--stat[=number] --numstat --shortstat --summary --name-only --name-status -wbRz -U=number
  --unified=number -M[=number] --diff-filter=text --word-diff[=plain|color|none] --minimal --patience --histogram
  --ignore-all-space --ignore-space-change --ignore-blank-lines --no-ext-diff --no-textconv --no-renames ${color}`;
const lookAtHistory = `-# -n=number --max-count=number --skip=number --oneline --graph --decorate[=short|full|auto|no]
  --all --branches --tags --remotes --follow --author=text --grep=text --since=text --until=text --after=text
  --before=text --pretty=text --format=text --date=text --merges --no-merges --first-parent --reverse
  --abbrev-commit --no-decorate --no-patch -S=text -G=text -i`;

const cargo = `-vqr -p=path -j=number --package=path --jobs=number --lib --bins --bin=text --tests --test=text --benches
  --examples --example=text --all --workspace --exclude=text --all-targets --all-features --no-default-features
  --features=text --release --verbose --quiet --locked --offline --frozen --keep-going
  --message-format=human|short|json --color=always|never|auto`;
const go = '(words) (here) -v -race -short -tags=text -trimpath -json';

/**
 * The options that the ` *` of a rule may match, by program, or by program and subcommand: options known to change only
 * the selection or format of output. A person is asked about every other option, including an abbreviation of a listed
 * one, so that the list need not enumerate dangerous options.
 *
 * `-abc` are three letters that can be combined, `-n=number` takes a value, `--stat[=number]` may have one after its
 * `=`, `-#` is a number, and the words behind `--` may follow an option. Values are `number`, `path` (in the folder),
 * `text` (never a file), or one of the listed names. `(words)`: a name follows a single dash as a whole. Further words
 * are paths in the folder; `(none)`: no further words; `(here)`: they start with a dot, or are a `.go` file; `(not:x)`:
 * the word x is excluded.
 */
export const knownOptions: Readonly<Record<string, string>> = {
  'git status': `-sbvz -u[=no|normal|all] --short --branch --long --verbose --show-stash --ignored --porcelain[=v1|v2]
    --untracked-files[=no|normal|all] --`,
  'git diff': `${lookAtChanges} --cached --staged --merge-base --check --exit-code --quiet --`,
  'git log': `${lookAtChanges} ${lookAtHistory} --`,
  'git show': `${lookAtChanges} --oneline --pretty=text --format=text --date=text --no-patch --abbrev-commit --`,
  'git blame': '-wesltfn -L=text --date=text --show-email --show-name --show-number --',
  'git grep': `-nilLcwoEFGPvhHIq -ABCm=number -e=text --cached --line-number --ignore-case --files-with-matches --count
    --word-regexp --fixed-strings --extended-regexp --invert-match --name-only --heading --break --and --or --not
    --all-match ${color} --`,
  'git add': '-AunvN --all --update --dry-run --verbose --intent-to-add --',
  'git commit': '-aqsv -m=text --message=text --all --quiet --signoff --verbose --dry-run --allow-empty --',
  'git branch':
    '-arv --list --all --remotes --verbose --show-current --sort=text --merged --no-merged --contains --no-color --',
  'git ls-files':
    '-cdmosz --cached --deleted --modified --others --stage --exclude-standard --error-unmatch --full-name --',
  'git rev-parse':
    '-q --abbrev-ref --short[=number] --show-toplevel --show-prefix --verify --quiet --is-inside-work-tree',

  'npm test': npm,
  'npm run': npm,
  'pnpm test': toScripts,
  'pnpm run': toScripts,
  'yarn test': toScripts,
  'yarn run': toScripts,
  jest: `-ib -t=text -w=number --testNamePattern=text --testPathPattern=text --ci --silent --verbose --bail[=number]
    --coverage --no-coverage --runInBand --passWithNoTests --watch=false --watchAll=false --no-cache --listTests
    --onlyChanged --detectOpenHandles --forceExit --findRelatedTests --maxWorkers=number --testTimeout=number ${color}`,
  vitest: `(not:init) -t=text --testNamePattern=text --run --watch=false --no-watch --coverage --no-coverage
    --passWithNoTests --silent --bail=number --reporter=default|basic|verbose|dot|tap|json --no-color`,
  eslint: `-f=stylish|json|html --format=stylish|json|html --quiet --max-warnings=number --no-inline-config
    --no-warn-ignored --no-error-on-unmatched-pattern --stats --ext=text ${color} --`,
  prettier: '-cl --check --list-different',
  tsc: '(words) (none) --noEmit --pretty --strict --skipLibCheck --listFiles --diagnostics --version',

  'cargo check': cargo,
  'cargo build': cargo,
  'cargo clippy': `${cargo} --no-deps -- (none) -DWA=text`,
  'cargo test': `${cargo} --doc --no-run --no-fail-fast -- --nocapture --ignored --include-ignored --exact --list
    --show-output --quiet -q --skip=text --test-threads=number`,
  'cargo fmt': '-vq -p=path --package=path --all --check --verbose --quiet -- (none) --check --verbose --quiet',
  'go test': `${go} -cover -failfast -benchmem -fullpath -run=text -skip=text -list=text -bench=text -count=number
    -cpu=text -parallel=number -timeout=text -shuffle=on|off|number`,
  'go vet': go,
  'go build': go,
  'go list': `${go} -m -deps -test -e`,

  pytest: `-qvxsl -k=text -m=text -r=text -n=number|auto --quiet --verbose --exitfirst --maxfail=number --lf --last-failed
    --ff --failed-first --nf --new-first --sw --stepwise --co --collect-only --no-header --no-summary --durations=number
    --disable-warnings --tb=auto|long|short|line|native|no --cov[=path] --cov-report=term|term-missing`,
  'ruff check': `-qv --select=text --ignore=text --extend-select=text --statistics --quiet --verbose --preview --no-cache
    --no-fix --diff --show-files --show-fixes --output-format=concise|full|grouped|json|github`,
  mypy: `-v --strict --ignore-missing-imports --pretty --show-error-codes --show-error-context --no-color-output
    --no-error-summary --check-untyped-defs --warn-unused-ignores --no-incremental --verbose`,

  'dotnet test': '-c=Debug|Release --configuration=Debug|Release --no-build --no-restore --nologo --filter=text',
  'dotnet build': '-c=Debug|Release --configuration=Debug|Release --no-restore --nologo',
  'gradle test': '(none) -qis --quiet --info --stacktrace --continue --offline --rerun-tasks --no-daemon --tests=text',
  'mvn test': '(none) -qBo --quiet --batch-mode --offline',
  'helm lint': '--quiet --strict',
  'terraform validate': '(words) (none) -json -no-color',

  ls: `-1aAbBcCdFgGhHiklLmnopqrRsStuUvxXZ --all --almost-all --human-readable --recursive --reverse --size
    --color[=always|never|auto] --`,
  cat: '-AbeEnstTuv --number --number-nonblank --show-all --squeeze-blank --',
  head: '-# -qvz -cn=number --lines=number --bytes=number --quiet --verbose --',
  tail: '-# -qvz -cn=number --lines=number --bytes=number --quiet --verbose --',
  wc: '-clLmw --lines --words --bytes --chars --max-line-length --',
  grep: `-# -abchHilLnoqsvwxyEFGPTZz -e=text -ABCm=number --regexp=text --line-number --ignore-case --count
    --files-with-matches --files-without-match --word-regexp --line-regexp --only-matching --fixed-strings
    --extended-regexp --perl-regexp --invert-match --quiet --no-messages --no-filename --with-filename
    --max-count=number --context=number --after-context=number --before-context=number ${color} --`,
  rg: `-abcFHiIlnNopPqsSUvwx0 -e=text -tT=text -ABCjmMd=number --regexp=text --type=text --type-not=text --line-number
    --no-line-number --ignore-case --smart-case --case-sensitive --count --count-matches --files --files-with-matches
    --files-without-match --word-regexp --line-regexp --only-matching --fixed-strings --invert-match --quiet --multiline
    --pcre2 --heading --no-heading --no-filename --with-filename --vimgrep --column --trim --pretty --json --stats
    --max-count=number --max-depth=number --max-columns=number --context=number --after-context=number
    --before-context=number --sort=none|path|modified|accessed|created --color=never|auto|always|ansi --`,
  mkdir: '-pv --parents --verbose --',
  echo: '-neE',
};
