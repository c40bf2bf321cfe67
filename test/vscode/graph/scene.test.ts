import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { markOfStatus } from '../../../src/core/graph/marks.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { addTask } from '../../../src/store/task-changes.ts';
import { fileNodes, placedScene } from '../../../src/vscode/graph/scene.ts';
import { graphWords } from '../../../src/vscode/graph/words.ts';
import type { Filter } from '../../../src/webviews/graph/protocol.ts';
import { graphProtocol } from '../../../src/webviews/graph/protocol.ts';
import { rowsOf } from '../../../src/webviews/graph/rows.ts';
import { SceneIndex } from '../../../src/webviews/graph/scene-index.ts';
import { type Bench, bench } from '../../operations/context.ts';

const everything: Filter = { folder: '', project: '', phase: '', task: '', detail: 'auto' };
const markOf = ({ status }: TaskRecord) => markOfStatus[status];
const words = graphWords();

async function chain(on: Bench): Promise<void> {
  await on.store.transact('test.chain', (draft) => {
    const a = addTask(draft, { title: 'Group' });
    const b = addTask(draft, { title: 'B <i>', parentId: a.id });
    const c = addTask(draft, { title: 'C', parentId: a.id, dependsOn: [b.id] });
    addTask(draft, { title: 'D', dependsOn: [c.id] });
    addTask(draft, { title: 'Alone' });
  });
}

describe('the graph page', () => {
  it('receives places, kinds of lines and the critical path in its protocol', async (context) => {
    const on = await bench(context);
    await chain(on);
    const scene = placedScene(on.store.view, everything, markOf);
    const reply = {
      folders: [],
      projects: [],
      loose: true,
      wish: everything,
      filter: everything,
      scopeName: '',
      scene,
    };
    assert.deepEqual(graphProtocol.requests.load.output.parse(reply), reply);
    assert.deepEqual(graphProtocol.requests.words.output.parse(words), words);
    assert.deepEqual(scene.lines.map(({ from, to, kind, critical }) => [from, to, kind, critical]).sort(), [
      [1, 2, 'parent', false],
      [2, 3, 'dependency', true],
      [3, 4, 'dependency', true],
    ]);
    assert.deepEqual(
      fileNodes(on.store.view, everything, markOf).map(({ label, status }) => [label, status]),
      scene.nodes.map(({ label, detail }) => [label, detail]).sort(),
    );
  });

  it('finds tasks, right edges and arrowheads by place', async (context) => {
    const on = await bench(context);
    await chain(on);
    const index = new SceneIndex(placedScene(on.store.view, everything, markOf));
    const { boxWidth, boxHeight } = index.scene;
    const three = index.byNumber.get(3) ?? assert.fail();
    const middle = three.y + boxHeight / 2;
    assert.deepEqual(index.at(three.x + 20, middle), { kind: 'node', node: three });
    assert.deepEqual(index.at(three.x + boxWidth - 3, middle), { kind: 'edge', node: three });
    const hit = index.at(three.x - 4, middle);
    assert.deepEqual(hit?.kind === 'arrow' ? [hit.line.from, hit.line.to] : hit, [2, 3]);
    assert.equal(index.at(-100, -100), undefined);
  });

  it('detects a dependency that would close a cycle', async (context) => {
    const on = await bench(context);
    await chain(on);
    const index = new SceneIndex(placedScene(on.store.view, everything, markOf));
    assert.equal(index.leads(2, 4), true);
    assert.equal(index.leads(4, 2), false);
    assert.equal(index.leads(1, 4), false, 'a parent is not a dependency');
  });

  it('has a tree with the content of the picture', async (context) => {
    const on = await bench(context);
    await chain(on);
    const index = new SceneIndex(placedScene(on.store.view, everything, markOf));
    const rows = rowsOf(index, undefined, new Set([3]), words);
    assert.deepEqual(
      rows.map(({ level, text, expanded, position, siblings }) => [level, text, expanded, position, siblings]),
      [
        [1, '#1 Group, Ready', undefined, 1, 5],
        [1, '#2 B <i>, Ready, on the critical path', false, 2, 5],
        [1, '#3 C, Ready, on the critical path', true, 3, 5],
        [2, 'part of #1 Group', undefined, 1, 3],
        [2, 'waits for #2 B <i>', undefined, 2, 3],
        [2, 'needed by #4 D', undefined, 3, 3],
        [1, '#4 D, Ready, on the critical path', false, 4, 5],
        [1, '#5 Alone, Ready', undefined, 5, 5],
      ],
    );
    assert.equal(rowsOf(index, new Set([4]), new Set(), words).length, 1);
  });
});
