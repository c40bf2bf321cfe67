import { type PermissionRule, permissionRuleSchema } from './rules.ts';

const commands = `npm test *|npm run build *|npm run lint *|npm run check *|npm run test *|npm run format *|npm run typecheck *
pnpm test *|yarn test *|cargo test *|cargo check *|cargo clippy *|cargo build *|cargo fmt *|go test *|go vet *|go build *|go list *
dotnet test *|dotnet build *|gradle test *|mvn test *|pytest *|ruff check *|mypy *|tsc *|eslint *|vitest *|jest *|npx vitest run|npx tsc --noEmit
git status *|git diff *|git log *|git show *|git blame *|git grep *|git add *|git commit *|git branch --list *|git ls-files *|git rev-parse *
ls *|cat *|head *|tail *|wc *|rg *|grep *|pwd|mkdir *|echo *`;

const folders = ['src', 'lib', 'app', 'test', 'tests', 'spec', 'docs'];

/**
 * The policy `standard`: looking at the folder, testing and checking it, changing its sources, and commits to the task's
 * branch need no person. Whatever leads out of the folder, installs, publishes, removes, runs a program by name or sets up
 * tools is asked, like everything that no rule names.
 */
export const standardRules: readonly PermissionRule[] = [
  ...commands.split(/[|\n]/).map((pattern) => permissionRuleSchema.parse({ allow: 'command', pattern })),
  permissionRuleSchema.parse({ allow: 'read', pattern: '**' }),
  ...folders
    .flatMap((folder) => [`${folder}/**`, `**/${folder}/**`])
    .map((pattern) => permissionRuleSchema.parse({ allow: 'write', pattern })),
];
