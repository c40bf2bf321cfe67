/** A task of the sample workspace, as the command line creates it. */
export interface SampleTask {
  readonly title: string;
  readonly description: string;
  readonly priority: 'critical' | 'high' | 'medium' | 'low';
  readonly label: string;
  /** The shell script that the SHELL agent runs. */
  readonly instructions: string;
  readonly requiresApproval?: true;
  /**
   * In the folder itself, for one whose point is the file that it leaves there; the others are merged after a review.
   */
  readonly isolation?: 'none';
}

/** Tasks that do real work in seconds, without any account: every outcome that a person will meet is among them. */
export const tasks: readonly SampleTask[] = [
  {
    title: 'Run the unit tests',
    description: 'Runs the tests of the project with the test runner of Node.',
    priority: 'high',
    label: 'quality',
    instructions: 'node --test --test-reporter=spec',
  },
  {
    title: 'Count lines of code per file',
    description: 'Writes reports/lines.md, a table of the lines in every source file.',
    priority: 'medium',
    label: 'report',
    isolation: 'none',
    instructions: `set -eu
mkdir -p reports
{
  echo '# Lines of code'
  echo
  echo '| file | lines |'
  echo '| --- | ---: |'
  git ls-files '*.js' | while read -r file; do
    echo "| $file | $(wc -l < "$file" | tr -d ' ') |"
  done
} > reports/lines.md
cat reports/lines.md`,
  },
  {
    title: 'Write the changelog from the history',
    description:
      'Writes CHANGELOG.md from the messages of the commits, on its own branch: review the changes, then merge them.',
    priority: 'medium',
    label: 'report',
    instructions: `set -eu
section() {
  echo
  echo "## $1"
  echo
  git log --reverse --format='%s (%h)' | sed -n "s/^$2: /- /p"
}
{
  echo '# Changelog'
  section Added feat
  section Fixed fix
  section Documentation docs
} > CHANGELOG.md
cat CHANGELOG.md`,
  },
  {
    title: 'Measure the speed, 20 rounds',
    description: 'Takes about 20 seconds and prints a line every second: open its log and watch.',
    priority: 'low',
    label: 'quality',
    instructions: `set -eu
for round in $(seq 1 20); do
  echo "round $round of 20: $(node bench/speed.js)"
  sleep 0.6
done`,
  },
  {
    title: 'Check that the release is tagged',
    description: 'Fails until the version in package.json has a tag: see how a failed task explains itself.',
    priority: 'low',
    label: 'release',
    instructions: `set -eu
version=$(node -p "require('./package.json').version")
echo "package.json says $version"
if ! git rev-parse -q --verify "refs/tags/v$version" > /dev/null; then
  echo "There is no tag v$version: approve and run the task that tags the release first." >&2
  exit 1
fi
echo "v$version is tagged."`,
  },
  {
    title: 'Tag the release',
    description:
      'Tags the current commit with the version in package.json. It asks for your approval before it starts.',
    priority: 'critical',
    label: 'release',
    requiresApproval: true,
    instructions: `set -eu
version=$(node -p "require('./package.json').version")
git -c user.name=Sample -c user.email=sample@example.com tag -f -a "v$version" -m "Tally $version"
git show --stat "v$version"`,
  },
];
