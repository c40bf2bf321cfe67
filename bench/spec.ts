import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { specDraft } from '../src/operations/plan/draft.ts';
import { alternate, type Benchmark, ratioAtMost, timed, withFolder } from './kit.ts';
import { sampleParams } from './samples.ts';

const COUNT = 9_000;
const ROUNDS = 11;

/** A specification as a plan beside reading its lines. */
export const spec: Benchmark = {
  name: 'spec',
  measures: `the plan of a specification with ${COUNT} tasks`,
  async run(print) {
    for (const [shape, text] of Object.entries({ checkboxes: checkboxes(), prose: prose() })) {
      await withFolder(async (folder) => {
        await writeFile(join(folder, 'tasks.md'), text);
        const pair = await alternate(
          ROUNDS,
          () => timed(() => specDraft(folder, 'tasks.md')),
          () =>
            timed(async () =>
              (await readFile(join(folder, 'tasks.md'), 'utf8')).split('\n').map((line) => line.trim()),
            ),
        );
        print({
          name: `parse ${shape}, ${(text.length / 1e6).toFixed(1)} MB`,
          value: pair.ours,
          unit: 'ms',
          limit: { what: 'reading its lines', value: pair.limit },
          ratio: pair.ratio,
          target: ratioAtMost(100, pair.ratio),
        });
      });
    }
  },
};

function checkboxes(): string {
  return lines((index) => {
    const { title, description } = sampleParams(index);
    const phase = index % 20 === 0 ? `\n## Phase ${index / 20 + 1}: Part ${index}\n\n` : '';
    const after = index % 5 === 0 && index > 0 ? ` (depends on T${index - 1})` : '';
    return `${phase}- [ ] T${index} [P] ${title}${after}\n  ${description}`;
  });
}

function prose(): string {
  return lines((index) => {
    const { title, description, instructions } = sampleParams(index);
    return `### ${index + 1}. ${title}\n\n${description} ${instructions}\n\nAcceptance criteria:\n\n- It works\n- It is tested\n`;
  });
}

function lines(of: (index: number) => string): string {
  return `# Shop\n\n${Array.from({ length: COUNT }, (_, index) => of(index)).join('\n')}\n`;
}
