import { isProjectSetup } from './project-setup.ts';
import type { PermissionRule } from './rule.ts';
import type { Places } from './tool-request.ts';

const commands = `npm test *|npm run build *|npm run lint *|npm run check *|npm run test *|npm run format *|npm run typecheck *
pnpm test *|yarn test *|cargo test *|cargo check *|cargo clippy *|cargo build *|cargo fmt *|go test *|go vet *|go build *|go list *
dotnet test *|dotnet build *|gradle test *|mvn test *|pytest *|ruff check *|mypy *|tsc *|eslint *|vitest *|jest *
npx --no-install vitest run|npx --no-install tsc --noEmit
git status *|git diff *|git log *|git show *|git blame *|git grep *|git add *|git commit *|git branch --list *|git ls-files *|git rev-parse *
ls *|cat *|head *|tail *|wc *|rg *|grep *|pwd|mkdir *|echo *`;

const folders = ['src', 'lib', 'app', 'test', 'tests', 'spec', 'docs'];

/**
 * The policy `standard`: an agent looks at the folder, tests and checks it, changes its sources and commits to the task's
 * branch without a person. Everything else is asked: leaving the folder, installing, publishing, removing, running
 * a program by name, setting up tools, and commands that may never end.
 *
 * An agent under this policy can run any code, because it may write a test and run it. What the policy keeps is the review:
 * it cannot write where no diff shows it (`isProjectSetup`, files that git ignores), nor change what a command means.
 */
export const standardRules: readonly PermissionRule[] = [
  ...commands.split(/[|\n]/).map((pattern): PermissionRule => ({ allow: 'command', pattern })),
  { allow: 'read', pattern: '**' },
  ...folders
    .flatMap((folder) => [`${folder}/**`, `**/${folder}/**`])
    .map((pattern): PermissionRule => ({ allow: 'write', pattern })),
];

const all = new Set(standardRules);

/** True for a rule of the policy `standard` itself, by identity: a person who writes the same rule means all of it. */
export function isStandard(rule: PermissionRule): boolean {
  return all.has(rule);
}

/** False if a rule of the policy `standard` would write a file that sets up the project or is not part of its sources. */
export function standardCovers(rule: PermissionRule, places: Places): boolean {
  if (!isStandard(rule) || !('allow' in rule) || rule.allow !== 'write') return true;
  return places.every((place) => place !== undefined && !isProjectSetup(place));
}
