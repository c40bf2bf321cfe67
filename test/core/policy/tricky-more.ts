/** Options by which a program that is only to look runs, loads or writes something, in every way in which they are written. */
const optionsOfPrograms = `git grep --open=sh x|git grep --open-files=sh x|git grep -Osh x|git grep -nOsh x|git grep --no-inde x|git grep --no-ind x|git grep --recurs x|git grep --recurse-submodules x|git grep --untr x|git grep --no-exclude x|git grep -f src/a.ts|git grep --textconv x
git diff --ext|git diff --ext-d|git diff --text|git diff --textconv|git diff --outpu=x|git diff --out x|git diff --no-index a b|git diff --no-inde a b|git diff -o x|git diff -Ox|git diff -O x|git diff --stat --output=x|git diff -- -o|git log --outp=x|git log -L 1,2:x|git log --ext-diff|git log --show-signature|git log --no-pager|git log --stat --outp x
git show --outpu=x|git show --textc HEAD|git show --ext HEAD|git show --show-sig HEAD|git blame --contents x a.ts|git blame --cont=x a.ts|git blame -S x a.ts|git blame --ignore-revs-file=x a.ts|git status --ignore-submodules=none|git status --no-optional-locks|git rev-parse --parseopt|git rev-parse --git-dir|git ls-files -X x|git ls-files --exclude-from=x|git ls-files --exclude-per-directory=x|git ls-files --recurse-submodules
git add -f x|git add --force x|git add --forc x|git add -p|git add -e|git add -i|git add --edit|git add --chmod=+x a|git add --pathspec-from-file=x|git add --pathspec-from=x|git add -Af|git add -vf x|git add :/|git add ":(top)x"|git commit -F x|git commit --file=x|git commit --fil=x|git commit -n -m x|git commit --no-verify -m x|git commit --no-veri -m x|git commit --amend|git commit --amen|git commit -C HEAD|git commit -c HEAD|git commit -t x|git commit -S -m x|git commit --author=x -m y|git commit -anm x|git commit -qF x
git branch -D x|git branch --list -D x|git branch --list -m x y|git branch --list -f x y|git branch --list --edit-description|git branch --delete x|git stash drop|git stash clear|git stash|git stash pop|git tag -d x|git update-ref -d x|git gc --prune=now|git reflog expire --all|git worktree remove x|git remote add a b|git remote set-url a b|git notes add|git replace a b|git am x|git apply x|git rebase -x sh|git bisect run sh|git filter-branch|git submodule update|git submodule foreach ls|git difftool|git mergetool|git restore .|git rm x|git mv a b|git switch x|git merge x|git pull|git fetch|git clone x|git init x|git archive -o x HEAD|git bundle create x|git hook run x|git maintenance run|git help log|git send-email x|git daemon|git instaweb|git credential fill|git fast-import
git -c core.pager=sh log|git -c core.fsmonitor=sh status|git -c diff.external=sh diff|git -ccore.editor=sh commit|git -p log|git --paginate log|git --no-pager log|git --exec-path=. log|git --exec-path . status|git --work-tree=/ add x|git --namespace=x log|git --config-env=core.pager=X log|git --bare log|git --attr-source=x diff|git -C / status|git -C.. status
rg --pre=sh x|rg --pre sh x|rg --pr=sh x|rg -nuu KEY|rg -ing "*env*" KEY|rg -f x|rg -nL KEY|rg --no-ign KEY|rg --no-ignore-vcs KEY|rg --hidde KEY|rg --search-zip KEY|rg --ignore-file x KEY|rg --debug -g "*" KEY|rg -r x KEY|rg --type-add "x:*" KEY|rg -E x KEY|rg -- -u
grep -nr KEY .|grep -rin KEY .|grep -Rn KEY|grep --recurs KEY|grep --deref KEY|grep --direct=recurse KEY|grep -drecurse KEY .|grep -nf src/a x|grep --file=x y|grep --fil=/etc/x y|grep --include=x y|grep --exclude-from=x y|grep -e -r KEY .|grep -- -r|grep -D read x|wc --files0=x|wc --files0-from=x|cat --sho|head -c5x=/etc/passwd|tail --pid=1 x|tail --retry x|ls --hyper|ls -I x|ls --time-style=x|ls -w5|mkdir -m 777 x|mkdir --mode=777 x|mkdir -Z x`;

const buildsAndTests = `go build -toolexec sh|go build --toolexec sh|go build -toolexec=sh ./...|go build --toolexec=sh ./...|go vet -vettool sh|go vet --vettool=sh ./...|go test -exec=sh ./...|go test --exec sh|go test -o x ./...|go build -o ../x|go build --o=x|go test -c ./...|go test -coverprofile=x ./...|go test -outputdir=x|go test -overlay x|go build -overlay=x|go build -modfile=x|go build -mod=mod|go build -ldflags=x|go build -gcflags=x|go build -asmflags x|go build -C .. ./...|go build -pkgdir=x|go test -args x|go test -trace=x ./...|go test -cpuprofile x|go list -export ./...|go list -u -m all|go list -f x|go vet -flags|go test -fuzz=x|go test example.com/evil|go build cmd/go|go test -v=false|go env -w X=y|go generate ./...|go get x|go install ./...|go tool x|go mod edit x|go clean -cache|go work use ..
cargo test --targe ../x|cargo test --target x.json|cargo test --target-dir x|cargo build --target-dir=/x|cargo build --out-dir x|cargo build -Zunstable|cargo build --artifact-dir=x|cargo clippy --fix|cargo clippy -- -o x|cargo clippy -- --sysroot x|cargo clippy -- x.rs|cargo clippy -- -D @x|cargo check -C x|cargo test -- --logfile x|cargo test -- --logfile=x|cargo test -- --format json|cargo fmt -- --config x=y|cargo fmt -- --emit files|cargo fmt --manifest-path=x|cargo build --lockfile-path x|cargo +nightly test|cargo --config x test|cargo -Z x test|cargo b --config x|cargo bench|cargo doc --open|cargo fix|cargo add x|cargo publish|cargo yank x|cargo login|cargo vendor|cargo update|cargo clean|cargo uninstall x|cargo test -vp../x|cargo test -vC x
eslint -f ./evil.js .|eslint -fevil .|eslint --format ./evil.js .|eslint --format=evil .|eslint --forma=x .|eslint --parser x .|eslint --parser=./x .|eslint --parser-options=x:y .|eslint --rulesdir=./x .|eslint --plugin x .|eslint --config=x .|eslint -cx .|eslint --no-eslintrc -c x .|eslint -o x .|eslint --output-file=x .|eslint --fix-dry-run .|eslint --fix-type=x .|eslint --cache-location=../x .|eslint --cache-file x .|eslint --ignore-path /x .|eslint --resolve-plugins-relative-to /x .|eslint --init|eslint --env-info|eslint --flag x .|eslint --stdin-filename x|eslint --print-config x|eslint .. |eslint @x
mypy --python-executable sh src|mypy --python-executable=./sh src|mypy --python-exec=./sh src|mypy --config-file=x src|mypy --config x src|mypy --conf=x src|mypy --install-types src|mypy --install-types --non-interactive src|mypy --cache-dir=../x src|mypy --html-report x src|mypy --junit-xml x src|mypy --custom-typeshed-dir x src|mypy --shadow-file a b src|mypy --exclude x src|mypy @args|mypy -c x|mypy -p x|mypy --pdb src|ruff check --fix|ruff check --fi|ruff check --unsafe-fixes|ruff check --config x|ruff check --config=x=y|ruff check --output-file x|ruff check -o x|ruff check --cache-dir /x|ruff check --add-noqa|ruff check --watch|ruff check --extend-exclude=x|ruff check --output-format=./x
tsc --outDir x|tsc --outdir x|tsc -outDir x|tsc --outFile=x|tsc --outFile x|tsc --declarationDir x|tsc -d --declarationDir ../x|tsc --tsBuildInfoFile x|tsc -p ../x|tsc -p x|tsc --project x|tsc -b x|tsc --build x|tsc --init|tsc --generateTrace x|tsc --generateCpuProfile x|tsc --rootDir /|tsc --plugins x|tsc @x|tsc a.ts|tsc --noEmit false|tsc --noEmit=false|tsc --locale x|tsc -w|tsc --typeRoots x
prettier --plugin x .|prettier --plugin=./x .|prettier --plugin-search-dir=x .|prettier --config x .|prettier --config=x .|prettier --write .|prettier -w .|prettier -cw .|prettier --ignore-path /x .|prettier --with-node-modules .|prettier --find-config-path x|prettier --stdin-filepath x|prettier --cache-location=x .|prettier --check --plugi=./x .
pytest --confcutdir=x|pytest -cx|pytest --config-file=x|pytest -px|pytest -qp x|pytest -xo x=y|pytest -o addopts=x|pytest --override-ini=x=y|pytest --rootdir=/|pytest --rootdi=/|pytest --basetemp=/x|pytest --junitxml=x|pytest --junit-xml x|pytest --log-file=x|pytest --result-log=x|pytest --pdb|pytest --pdbcls=x:y|pytest --debug=x|pytest --pyargs x|pytest --import-mode=importlib|pytest --cov-config=x|pytest --cov-report=html:../x|pytest --cov=/x|pytest --pastebin=all|pytest @x|pytest --cache-clear|pytest -k -px|pytest --trace|pytest -W error::x.Y
jest --config x|jest --confi=x|jest -c x|jest --rootDir=..|jest --roots ..|jest --setupFiles x|jest --setupFilesAfterEnv=./x|jest --globalSetup x|jest --testEnvironment ./x|jest --testRunner ./x|jest --runner=./x|jest --transform x|jest --resolver x|jest --reporters ./x|jest --preset ./x|jest --outputFile=x|jest --coverageDirectory ../x|jest --cacheDirectory=../x|jest --init|jest -u|jest --updateSnapshot|jest -t --config x|jest --watch|jest --projects ..|jest --filter=./x|jest --testSequencer ./x|jest --env=./x|jest -it=--config
vitest init|vitest init browser|vitest run --config x|vitest --confi=x|vitest -c x|vitest -r ..|vitest --root ..|vitest --dir=..|vitest --reporter ./x|vitest --reporter=./x|vitest --outputFile=x|vitest --environment ./x|vitest --globals --setupFiles x|vitest --coverage.provider=custom|vitest --coverage.reportsDirectory=../x|vitest --pool ./x|vitest --runner ./x|vitest --ui|vitest --api|vitest --api.host 0.0.0.0|vitest -u|vitest --update|vitest --workspace x|vitest --execArgv x|vitest --poolOptions.forks.execArgv=x|vitest --browser
gradle test publish|gradle test run|gradle test -I x|gradle test --init-script x|gradle test --init-scr x|gradle test -b x|gradle test -p ..|gradle test --project-dir=..|gradle test -Dx=y|gradle test -Px=y|gradle test --include-build x|gradle test -c x|gradle test --project-cache-dir x|gradle test -g x|gradle test :publish|gradlew test|gradle tasks|mvn test deploy|mvn test exec:java|mvn test -f x|mvn test -Dx=y|mvn test -Pevil|mvn test -s x|mvn test --settings x|mvn test -gs x|mvn test -l x|mvn test -am|mvn deploy|mvn -Dx test
dotnet test --logger x|dotnet test --settings x|dotnet test -o x|dotnet test --output x|dotnet test --results-directory x|dotnet test --diag x|dotnet test -p:X=y|dotnet test /p:X=y|dotnet test -- RunConfiguration.X=y|dotnet test --test-adapter-path x|dotnet test @x|dotnet test --blame|dotnet test --environment X=y|dotnet build -t:Run|dotnet build -target:x|dotnet build -logger:x|dotnet build --source x|dotnet run|dotnet tool install x|dotnet nuget push x|dotnet new x`;

const packagesAndRunners = `npm test --script-shell sh|npm test --script=sh|npm test --scr sh|npm test --node-opt=x|npm test -C ..|npm test --pref ..|npm test --userconfig=x|npm test --user=x|npm test --globalc x|npm test --workspace=../x|npm test -w x|npm test --ignore-scripts=false|npm test --foreground-scripts|npm test --loglevel=x|npm test --cache=x|npm test --registry=x|npm test --reg=x|npm test -- --config x|npm test -- --config=x|npm test -- -c x|npm test -- --import ./x|npm test -- --require=x|npm test -- -r x|npm test -- -u|npm test -- --reporter=./x|npm test -- -- -x|npm run build -- --outDir ..|npm run build -- -o x|npm run lint -- --fix|npm run lint -- -f ./x|npm run build --script-shell=x|npm run build ../x|npm run build -- @x
npm --prefix .. test|npm -C .. test|npm --script-shell=sh test|npm -w x test|npm t --script-shell x|npm i|npm ci|npm install|npm add x|npm update|npm rebuild|npm link|npm pack|npm prune|npm dedupe|npm version patch|npm init x|npm create x|npm init -y|npm explore x|npm edit x|npm set x y|npm pkg set x=y|npm pkg delete scripts|npm audit fix|npm unpublish x|npm deprecate x|npm owner add x|npm token create|npm access public|npm dist-tag add x|npm x cowsay|npm exec -c ls|npm start|npm restart|npm stop|npm run postinstall|npm run prepare|npm run prepublishOnly|npm run deploy|npm run
npx vitest run x|npx tsc --noEmit --outDir x|npx tsc|npx -c ls|npx --yes x|npx -p x y|npx eslint .|npx ./x|npx -y vitest run|pnpm test --config x|pnpm test -- --config x|pnpm test -c x|pnpm -r test|pnpm -C .. test|pnpm exec ls|pnpm dlx x|pnpm install|pnpm add x|pnpm config set x y|pnpm --filter x test|yarn test --config x|yarn test -c x|yarn add x|yarn install|yarn dlx x|yarn exec ls|yarn node x|yarn set version x|yarn config set x y|yarn --cwd .. test|yarn plugin import x|yarn link|yarn run -B x|composer test --working-dir=..|composer install|composer require x|composer exec x|composer global require x
make|make -f x|make test SHELL=x|make -C ..|make --eval=x|gmake|cmake -P x|ninja -f x|rake test|bundle exec x|gem install x|pip install .|pip3 install -e .|pip download x|uv run x|uv pip install x|uv lock --index-url=x|uv lock x|poetry run x|poetry install|brew install x|apt install x|helm lint --set-file x=y|helm lint --post-renderer x|helm install x|terraform validate -chdir=x|terraform validate x|terraform apply|docker compose up|kubectl exec x|bun test|deno test -A|node --test|python -m pytest|python3 -m http.server|ruby x|php x|tsx x
sort -o x y|sort -ox y|sort --output=x y|sort --outp=x y|sort --compress-program=sh y|sort --compress=sh y|sort -uo x y|sort --files0-from=x|sort -T / y|sort -S 1 --parallel=2 y|uniq --x|tar -cf x --to-command=sh|tar -xf x|tar --checkpoint-action=exec=sh -cf x y|tar -Ish -xf x|tar xf x|find src -fprintf x y|find src -fprint x|find src -fls x|find src -ok ls|find src -okdir ls|find -L /|find src -newer x|env|env -S ls|env -u X ls|env -- ls|env -C .. ls|printenv|xargs|xargs -a x ls|sed -i x y|sed w x|sed --in-place x y|awk -f x|date -s x|date --set=x|date -f x|diff --to-file=x y|diff -r / .|file -m x y|file -C|less x|more x|man -P sh ls|man ls|vi x|view x|nano x|tee -a x|split x|csplit x 1|dd of=x|truncate -s 0 x|install x y|cp -r a b|rsync -e sh a b|scp a b|sftp x|ssh -oProxyCommand=x y|curl -o x y|curl -K x|wget -O x y|wget --use-askpass=x y|zip -TT sh x|unzip x|gzip x|gpg --import x|openssl req|nohup ls|script -c ls|strace ls|gdb x|perf stat ls|time ls|timeout 1 ls|watch ls|crontab -r|at now|systemctl restart x|journalctl --vacuum-size=1|chmod +x a|chown x y|ln a b|mount x|sqlite3 x|psql -c x|redis-cli x|code x|open x|xdg-open x|start x|jq -f x|yq -i x y|biome check --write|biome lint --config-path=x|stylelint --config x|stylelint --custom-syntax ./x|tsx -e 1|webpack --config x|rollup -c x|vite build --config x|esbuild --outfile=x y`;

/** What a shell makes of letters before a program sees them. */
const shells = [
  ...[
    "$'\\x2do'",
    "$'-o' x",
    '$"-o"',
    '"$\'x\'"',
    '$(echo -o)',
    '`echo -o`',
    '$' + '{X}',
    '$IFS-o',
    '$((1))',
    '$@',
    '$*',
    '$-',
  ],
  ...[
    '{-o,x}',
    '{--output=x,}',
    '{1..9}',
    '--outp{ut,}=x',
    '-{o,x}',
    '*',
    '-*',
    '--*',
    './*',
    '?',
    '[-]o',
    '[!a]',
    '+(x)',
  ],
  ...['<<EOF\nx\nEOF', '<<-E\nx\nE', "<<'E'\nx\nE", '<<<x', '<(ls)', '>(sh)', '2>x', '&>x', '>|x', '1>&2', '<x', '<>x'],
  ...[
    '&',
    '&&',
    '||x',
    '|&sh',
    ';x',
    ';;',
    '\rx',
    '\r\nx',
    '\r\n',
    '\n',
    '\nx',
    '\vx',
    '\fx',
    '\0',
    '\0-o',
    '\u0085x',
    '\b\bx',
  ],
  ...[
    '~',
    '~root/x',
    '~+',
    '~-',
    '~/.ssh/id_rsa',
    'a:~/x',
    '--x=~/y',
    '!!',
    '!$',
    '!-1',
    '^a^b',
    '\\',
    '\\-o',
    'a\\ b',
    '%X%',
    '^|x',
  ],
  ...[
    '－o x',
    '—output=x',
    '‐o x',
    '–o',
    '−o',
    '˗o',
    '﹣o',
    'ａ',
    'а',
    'օ',
    '\u2060-o',
    '\ufeffx',
    '\u00ad-o',
    '\u061cx',
    '\u2066x',
  ],
  ...[
    '\u3000-o',
    '\u2003x',
    '\u180ex',
    '\ud800',
    '"\u201d"',
    '“x”',
    '‘x’',
    '＂x＂',
    '；ls',
    '＄(ls)',
    '`',
    "'",
    '"',
    '"a"b',
    "a'b'",
    '""-o',
  ],
  ...[
    '(ls)',
    '{ ls',
    '}',
    '[[',
    ']]',
    '=ls',
    '=(ls)',
    '#',
    '# x',
    '@x',
    '@(x)',
    ':(top)x',
    ':/',
    '+x/../../y',
    '/dev/tcp/x/1',
    '\\\\x\\y',
  ],
].map((tail) => `git diff ${tail}`);

/** Variables and folders that are set before a command, and names that stand for others. */
const before =
  `GIT_SSH_COMMAND=sh|GIT_EXTERNAL_DIFF=sh|GIT_PAGER=sh|PAGER=sh|GIT_EDITOR=sh|GIT_DIR=x|GIT_CONFIG_COUNT=1|GIT_EXEC_PATH=.|LD_PRELOAD=x|DYLD_INSERT_LIBRARIES=x|NODE_OPTIONS=x|PATH=.|IFS=x|BASH_ENV=x|ENV=x|RIPGREP_CONFIG_PATH=x|LESSOPEN=x|GOFLAGS=x|RUSTC_WRAPPER=sh|PYTHONSTARTUP=x|A=|A+=x|A[0]=x|export A=1;|set A=1&|set A=1&&|$env:A=1;|env A=1|env -i|env -S|cd ..;|cd .. &&|cd /&&|cd .. \n|pushd ..;|(cd ..;|{ cd ..;|alias git=sh;|alias git=sh\n|hash -p sh git;|function git { sh; };|git() { sh; };|unalias -a;|command|command -p|builtin|exec|exec -a x|eval|source|.|time|nice|sudo|sudo -u x|doas|\\|'\u200b|\ufeff|\u00a0|\t|\r|\n|\0|#\n|!|-|--|@|&|;|(|{|<x|>x|2>x|<<E|$(|\`|"|'`
    .split('|')
    .map((prefix) => `${prefix.replaceAll('\\n', '\n')} git status`);

const withoutSpace = [
  './',
  '../',
  '/usr/bin/',
  '~/bin/',
  '$X/',
  '.\\',
  'C:/x/',
  '\\',
  '\u200b',
  '"',
  "'",
  'ｇ',
  '-',
  '.',
].map((prefix) => `${prefix}git status`);

/** Files and folders that are none of the task's. */
const places = `cat ./../x|cat src/../../x|cat src/..|cat ..|cat //x|cat a//../../x|cat .GIT/config|cat .Git/config|cat a/.git/config|cat GIT~1/config|cat SYSTEM~1/config.json|cat .systemPrompt/x|cat .ENV|cat .env.production|cat x/.Env.local|cat .npmrc|cat a/.NETRC|cat .docker/config.json|cat .kube/config|cat .gnupg/x|cat .pgpass|cat .pypirc|cat .git-credentials|cat credentials|cat a/id_ecdsa|cat id_rsa.pub|cat a.p12|cat a.PFX|cat a.jks|cat a.kdbx|cat a.keystore|cat file:///x|cat http://x/y|cat x@y:z|cat C:x|cat c:/x|cat Z:/x|cat "C:/x"|cat "/etc/passwd"|cat "../x"|cat '../x'|cat ".env"|cat a,/etc/x|cat a=/etc/x|cat a:/etc/x|cat a:../x|git show HEAD:.env|git show HEAD:a/.env|git show HEAD:../x|git show :.env|git show HEAD:/x|git diff HEAD:.env HEAD|git diff HEAD -- .env|git diff -- ../x|git log -- /etc/x|git blame .env|git blame -- .env|git grep KEY .env|git grep KEY HEAD:.env|git grep KEY -- ../x|git ls-files ..|git ls-files /x|git add ..|git add .env|git add -- .env|git add .systemprompt|git commit -m x .env|git commit -m x -- ../y|rg KEY .env|rg KEY ..|rg KEY /|rg -e KEY .env|rg KEY -- .env|grep KEY .env|grep -e KEY .env|grep KEY a .env|grep KEY -- ../x|wc -c .env|wc -- .env|head -n 5 .env|head -5 .env|head --lines=5 .env|tail -n 5 ../x|tail -- .env|ls ../|ls a/../..|ls -la ..|ls -- ..|ls .git|mkdir a/../../b|mkdir -p ../x|mkdir .git/x|mkdir -p .GIT/hooks|eslint ../x|mypy ../x|mypy /x|pytest ../x|pytest /x|pytest .git/x|jest ../x|vitest ../x|go test ../...|go vet /x|go build ../x|cargo test -p ../x|npm test ../x|npm test -- ../x|npm test /x|prettier --check ..|echo /etc/x|echo .env`;

/** None of these may be allowed either, nor by a rule that was written by hand for any further words. */
export const moreTricky: readonly string[] = [
  ...new Set([
    ...[optionsOfPrograms, buildsAndTests, packagesAndRunners, places].flatMap((text) => text.split(/[|\n]/)),
    ...shells,
    ...before,
    ...withoutSpace,
  ]),
];

/** Rules that a person may write by hand: what is behind them is looked at all the same. */
export const rulesByHand =
  'sort *|diff *|prettier *|biome check *|stylelint *|jq *|git branch --list *|git stash list *'.split('|');
