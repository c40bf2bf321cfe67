import { begins } from './words.ts';

/**
 * Commands that only read, check, build or can be undone, with any harmless arguments. An open rule (`npm test *`) is
 * accepted for these commands alone, because the effect of the next argument is unknown for every other program.
 *
 * Build tools download the packages in the manifests of the project. This is acceptable here, because no rule of the
 * policy `standard` lets an agent write a manifest.
 */
const openings: readonly (readonly string[])[] =
  `npm test|pnpm test|yarn test|cargo test|cargo check|cargo clippy|cargo build|cargo fmt|go test|go vet|go build|go list
dotnet test|dotnet build|gradle test|mvn test|composer test|helm lint|terraform validate
git status|git diff|git log|git show|git blame|git grep|git add|git commit -m|git commit -am|git commit|git branch --list|git ls-files|git rev-parse
git stash list|pytest|ruff check|mypy|tsc|eslint|vitest|jest|prettier|stylelint|biome check|biome lint|biome ci
ls|cat|head|tail|wc|rg|grep|mkdir|echo|sort|diff|jq|stat|file|du|shellcheck|yamllint|hadolint|actionlint`
    .split(/[|\n]/)
    .map((words) => words.split(' '));

/** Conventional names of scripts that build or check, unlike `npm run nuke`. */
const scripts = new Set('test build lint check typecheck type-check format fmt'.split(' '));
const scriptRunners = new Set(['npm', 'pnpm', 'yarn', 'composer']);

/** Commands that test or check by convention and run code of the project. A rule covers each exactly as written. */
const exact: readonly (readonly string[])[] =
  `make test|make check|make lint|gmake test|just test|node --test|bun test|python -m pytest|python -m unittest
python3 -m pytest|python3 -m unittest|./gradlew test|./gradlew check|./gradlew build|./mvnw test|./mvnw verify|bundle exec rspec|bundle exec rubocop|rspec|rubocop|rake test
poetry run pytest|ctest|phpunit|swift test|zig build test|mix test|swift build`
    .split(/[|\n]/)
    .map((words) => words.split(' '));

/** The first words of a command that an open rule may have; undefined for a command that is not known to be harmless. */
export function openingOf(words: readonly string[]): readonly string[] | undefined {
  const known = openings.find((opening) => begins(words, opening));
  if (known !== undefined) return known;
  const [program = '', verb, script = ''] = words;
  return scriptRunners.has(program) && verb === 'run' && scripts.has(script) ? words.slice(0, 3) : undefined;
}

/** Conventional only without further words. */
const alone = new Set(['pwd', 'date', 'uname', 'hostname', 'whoami', 'true', 'deno test', 'deno lint', 'deno check']);

/** True for a command that tests or checks by convention, and for a harmless one that npx does not install. */
export function isUsualCheck(words: readonly string[]): boolean {
  if (begins(words, ['npx', '--no-install'])) return openingOf(words.slice(2)) !== undefined;
  if (alone.has(words.join(' '))) return true;
  // A variable, as in `make test SHELL=x`, changes the command that a check runs.
  return exact.some((usual) => begins(words, usual)) && !words.some((word) => word.includes('='));
}
