const setOf = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Folders that tools fill with dependencies and output; git ignores them by custom, so no diff shows them. */
const generated =
  setOf(`node_modules bower_components jspm_packages venv virtualenv site-packages __pycache__ __pypackages__
  vendor pods carthage target dist build out bin obj coverage deriveddata deps _build elm-stuff htmlcov`);

/**
 * Files that control other programs: manifests, build files, and files that test runners load
 * automatically.
 */
const files =
  setOf(`package.json package-lock.json npm-shrinkwrap.json pnpm-lock.yaml pnpm-workspace.yaml yarn.lock bun.lock bun.lockb
  deno.json deno.jsonc deno.lock bunfig.toml composer.json composer.lock cargo.toml cargo.lock build.rs go.mod go.sum go.work
  pyproject.toml setup.py setup.cfg pipfile pipfile.lock poetry.lock uv.lock conftest.py sitecustomize.py usercustomize.py
  pytest.ini tox.ini noxfile.py tasks.py manage.py gemfile gemfile.lock rakefile spec_helper.rb rails_helper.rb test_helper.rb
  makefile gnumakefile bsdmakefile justfile taskfile.yml taskfile.yaml dockerfile containerfile jenkinsfile procfile vagrantfile
  pom.xml gradlew mvnw mvnw.cmd gradlew.bat gradle.properties build.xml build.sbt cmakelists.txt meson.build sconstruct
  build build.bazel workspace workspace.bazel module.bazel mix.exs mix.lock rebar.config pubspec.yaml package.swift podfile
  gulpfile.js gruntfile.js lefthook.yml phpunit.xml phpunit.xml.dist phpunit.dist.xml tsconfig.json jsconfig.json
  turbo.json nx.json lerna.json docker-compose.yml docker-compose.yaml compose.yml compose.yaml test_helper.exs`);

const patterns: readonly RegExp[] = [
  // `vite.config.ts`, `karma.conf.js`, `docs/conf.py`, `tsconfig.build.json`, `gulpfile.babel.js`.
  /[._-](config|conf)\.[\w.]+$|^conf\.py$|^(ts|js)config\..*\.json$|^(gulp|grunt)file\./,
  // Files that test runners load first.
  /^(global|test|tests|jest|vitest|mocha|karma)?[._-]?(setup|teardown)([._-]?(tests?|env|files?|after-?env))?\.[cm]?[jt]sx?$|^(jest|vitest|mocha)[._-]/,
  /^(docker-compose|compose)\..*ya?ml$|^requirements.*\.(txt|in)$|^(build|settings|init)\.gradle|^directory\.(build|packages)\./,
  /\.(csproj|fsproj|vbproj|vcxproj|sln|slnx|props|targets|gemspec|podspec|gradle|kts|sbt|cmake|mk|mak|cabal|nimble|pth|bzl)$/,
  // Files that an operating system or an interpreter runs on discovery.
  /\.(sh|bash|zsh|fish|bat|cmd|ps1|psm1|exe|com|dll|so|dylib|node|pyd|pyc|pyo|class|jar|war|whl|gem|wasm|o|a|lib|app|msi|scr)$|\.so\.[\d.]+$/,
];

/**
 * True for a file that is no ordinary source: one in a folder of dependencies or output, a hidden one, a manifest, or
 * one that a build or a test runner loads by its name. Its author decides the effect of later commands.
 */
export function isProjectSetup(place: string): boolean {
  const parts = place
    .toLowerCase()
    .split('/')
    .filter((part) => part !== '');
  const name = parts.at(-1) ?? '';
  if (parts.some((part) => part.startsWith('.'))) return true;
  if (parts.slice(0, -1).some((part) => generated.has(part))) return true;
  return files.has(name) || patterns.some((pattern) => pattern.test(name));
}
