/** What the policy `standard` must not allow, by class. */
export const neverAllowed: Readonly<Record<string, readonly string[]>> = {
  'install or download':
    lines(`npx vitest run|npx tsc --noEmit|npx tsc|npx cowsay|npx -y cowsay|npx --package=x y|npm exec cowsay|npm x cowsay|npm install|npm ci|npm i x|npm update|npm create x|pnpm dlx x
pnpm install|pnpm add x|yarn dlx x|yarn add x|yarn install|yarn|bunx x|bun x y|bun install|bun add x|uvx x|uv run x|uv add x|uv sync|uv pip install x|uv tool run x|pipx run x|pipx install x|pip install x|pip download x|python -m pip install x|poetry install
poetry add x|conda install x|go run example.com/x@latest|go install example.com/x@latest|go get x|go mod download|go mod tidy|go generate ./...|cargo install x|cargo add x|cargo update|cargo fetch|cargo run|cargo binstall x|gem install x|bundle install|composer install|composer create-project x
dotnet tool install x|dotnet restore|dotnet add package x|brew install x|apt install x|apt-get install x|dnf install x|apk add x|deno run https://x/y.ts|deno install x|git clone x|git fetch|git pull|git submodule update --init|curl x|wget x|docker pull x|docker run x|helm pull x|terraform init|npm audit fix|corepack enable|nvm install 20|rustup update`),
  'may never end':
    lines(`git commit|git commit -a|git commit -v|git commit --amend|git commit --signoff|git commit -aq|vitest|vitest watch|vitest dev|vitest --watch|vitest watch src|jest --watch|jest --watchAll|tsc -w|tsc --watch|tail -f a.log|tail -F a.log|tail --follow a.log|tail -n 5 -f a.log|tail -fn5 a.log
less a|more a|man ls|vi a|vim a|nano a|emacs a|top|htop|watch ls|python|python3|node|irb|psql|bash|cat|wc|npm start|npm run dev|npm run watch|npm run start|npm run serve|yarn dev|pnpm dev|nodemon|vite|next dev|git add -p|git rebase -i HEAD~2|git log --follow-forever|pytest --pdb|pytest --looponfail|ruff check --watch|cargo watch|gradle test --continuous|gradle test -t|dotnet watch|mypy --pdb src`),
  'escape hidden by a bearer token': ['cat "src/bearer /../../../../../../../../../etc/passwd"'],
  'shows a secret file': lines(
    `cat credentials.json|cat prod.env|cat terraform.tfstate|cat .cargo/credentials.toml|cat kubeconfig|cat .yarnrc.yml|head secrets.json|tail prod.tfvars|grep key service-account.json|rg x config/master.key|wc -c auth.json|git show HEAD:terraform.tfstate|git diff HEAD -- prod.env|git blame credentials.json|git add kubeconfig|git grep x -- secrets.yml|git show HEAD:.cargo/credentials.toml|git log -- .yarnrc.yml|ls .aws|cat -- .my.cnf`,
  ),
  'known program with another effect, place or file':
    lines(`git diff --output=src/x|git diff --output src/x|git diff --ext-diff|git diff --textconv|git log --ext-diff -p|git show --textconv|git -c core.pager=evil log|git --exec-path=. status|git grep -O x|git grep --open-files-in-pager=sh x
git log --format=%x|git diff --no-index /etc/passwd src/a.ts|git diff --no-index src/pw src/a.ts|git blame --contents /etc/passwd src/a.ts|git commit -F /etc/passwd|git commit -F src/pw|git commit --template=/etc/passwd -m x
git commit -m x --no-verify|git commit --amend -m x|git commit -m x --gpg-sign=x|git add --pathspec-from-file=/etc/passwd|git add -f node_modules|git add .env|git ls-files --exclude-from=/etc/passwd|git rev-parse --git-path x
git branch --list --format=x|git archive --output=x HEAD|git show HEAD:.env|git show :secrets/a|git show HEAD:./.env|git show HEAD^{/x}|git log -p --all|git log --all --source -p src|git log -p -- src|git cat-file blob HEAD:.env
git diff HEAD~1 HEAD -- ':!src'|git show HEAD -- ':(glob)**'|git diff -- ':(top)'|git stash list -p|tsc --project /tmp/evil|tsc -p evil.json|tsc --outDir /tmp/x|tsc --outFile src/x|tsc --build|eslint --config evil.js
eslint -c evil.js src|eslint --rulesdir evil src|eslint --fix src|eslint --plugin evil src|eslint --resolve-plugins-relative-to x src|eslint -o out src|eslint --stdin|jest --config evil.js|jest --globalSetup ./evil.js
jest --rootDir /tmp|jest --updateSnapshot|vitest run --config evil.ts|vitest run --root /tmp|vitest run --reporter ./x.js|vitest run -r /tmp|pytest -p evil|pytest --rootdir /tmp|pytest -c evil.ini|pytest --confcutdir=..
pytest --basetemp=src|pytest -o addopts=x|pytest --junitxml=/tmp/x|ruff check --config evil.toml|ruff check --fix src|ruff check --add-noqa|mypy --python-executable evil src|mypy --install-types|mypy --config-file x src
cargo test --manifest-path ../x/Cargo.toml|cargo test --config evil.toml|cargo test --config 'build.rustc-wrapper="evil"'|cargo build --target-dir /tmp|cargo build -Z unstable|cargo fmt -- --config-path /tmp|cargo +nightly test
cargo clippy --fix|go test -exec ./evil ./...|go test -toolexec ./evil ./...|go vet -vettool=./evil ./...|go build -o /tmp/x ./...|go build -toolexec=./evil|go build -ldflags=-X ./...|go test -o x ./...|go test -cpuprofile /tmp/x
go list -m -versions x|go list -mod=mod ./...|go test example.com/x@latest|go test -modfile=x ./...|go test -overlay=x ./...|go test -C .. ./...|dotnet test ../x|dotnet build -p:PreBuildEvent=x|dotnet test --logger x
dotnet build /p:X=y|gradle test --init-script evil.gradle|gradle test -I evil.gradle|gradle test -p ..|gradle test -b x|gradle test clean|gradle test publish|mvn test -Dexec=evil|mvn test deploy|mvn test -f ../pom.xml
mvn test -s evil.xml|npm test --prefix ..|npm test --script-shell=evil|npm run build --script-shell evil|npm test -- --config=evil|npm run build -- --outDir=/tmp|npm --prefix .. test|npm test -w x|pnpm test -C ..|pnpm test -r
yarn test --cwd ..|npm run build && ls|npm run build & ls|ls ~|ls ~root|ls -la ..|ls src/up/..|cat < .env|cat .en?|cat .e*|cat [.]env|cat {.env,x}|cat ".env"|cat '.env'|cat .e''nv|cat ".e"nv|cat -- .env|cat ./.env|cat src/../.env
cat /proc/self/environ|cat src/a.ts .env|head -n1 .npmrc|tail --follow=name src/a.ts|tail -c +1 .env|tail --retry src/a.ts|tail -0f src/a.ts|tail -F src/a.ts|tail --pid=1 src/a.ts|wc --files0-from=/etc/passwd|wc --files0-from=.env
rg --pre ./evil x src|rg --pre=./evil x src|rg -f .env src|rg --file=.env src|rg --hostname-bin ./evil x src|rg --search-zip x src|rg -uuu x src|rg --hidden x|rg --no-ignore x src|rg --follow x src|rg -L x src|grep -r x .
grep -r x src|grep -R x src|grep -f .env src/a.ts|mkdir -p ../x|mkdir -m 777 x|mkdir .git/hooks|mkdir .systemprompt/x|echo x > src/a.ts|echo x >> ~/.bashrc|pwd; id|npx --no-install tsc --noEmit -p /tmp/x
npx --no-install vitest run src`),
};

/** Files that `standard` must not let an agent write, in a folder whose rules name `src`, `lib`, `app`, `test` and `docs`. */
export const neverWritten: readonly string[] = lines(
  `node_modules/x/lib/index.js|node_modules/x/src/a.js|app/node_modules/x/lib/a.js|src/node_modules/a.js|.venv/lib/python3/site-packages/x.py|venv/lib/x.py|env/lib/python3.12/site-packages/x.py|src/__pycache__/a.pyc|vendor/x/lib/a.rb|target/debug/build/x/lib/a.rs|dist/lib/a.js|build/lib/a.py|app/.next/lib/a.js|coverage/src/a.js|.tox/py/lib/x.py|.gradle/lib/x|bower_components/x/src/a.js|Pods/x/src/a.m|out/src/a.js
app/package.json|src/package.json|test/package.json|lib/package-lock.json|test/conftest.py|tests/conftest.py|src/conftest.py|src/setup.py|src/pyproject.toml|src/Cargo.toml|src/build.rs|app/build.gradle|app/build.gradle.kts|app/pom.xml|src/x.csproj|src/Directory.Build.props|src/x.targets|src/go.mod|src/go.sum|src/Makefile|src/x.mk|test/jest.config.js|test/vitest.config.ts|test/vitest.setup.ts|test/setupTests.js|test/setup.ts|test/globalSetup.ts|src/vite.config.ts|app/webpack.config.js|app/.babelrc|app/babel.config.js|app/.eslintrc.js|app/eslint.config.mjs|src/tsconfig.json|app/postcss.config.js|app/tailwind.config.js|test/pytest.ini|test/tox.ini|test/setup.cfg|test/.mocharc.js|test/.rspec|test/spec_helper.rb|test/noxfile.py|src/Gemfile|src/Rakefile|src/x.gemspec|src/CMakeLists.txt|src/meson.build|src/BUILD.bazel|src/Dockerfile|app/docker-compose.yml|app/Procfile|src/run.sh|src/run.bat|src/run.ps1|src/x.exe|src/x.dll|src/x.so|src/x.dylib|src/x.node|src/sitecustomize.py|src/usercustomize.py|src/x.pth|src/.npmrc|src/.env|src/.github/workflows/a.yml|docs/conf.py|docs/Makefile|lib/mix.exs|lib/rebar.config|src/deno.json|src/bunfig.toml|src/composer.json|src/phpunit.xml|src/gradlew|src/mvnw|src/.vscode/tasks.json|src/lefthook.yml|src/justfile|src/Taskfile.yml|src/gulpfile.js|src/Gruntfile.js|src/karma.conf.js|src/playwright.config.ts|src/cypress.config.ts|test/__snapshots__/../package.json`,
);

/** Ordinary work that `standard` does allow. */
export const ordinaryWrites: readonly string[] = lines(
  'src/a.ts|src/core/b.ts|lib/a.py|app/models/user.rb|test/a.test.ts|tests/test_a.py|spec/a_spec.rb|docs/guide.md|packages/x/src/index.ts|src/data.json|src/styles.css|test/fixtures/a.json|src/setup/page.tsx|src/env.ts|src/targets/a.ts',
);

function lines(text: string): string[] {
  return text.split(/[|\n]/);
}
