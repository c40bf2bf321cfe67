import type { GraphNode as FileNode } from '../../core/graph/boxes.ts';
import type { MarkKind } from '../../core/graph/marks.ts';
import { type PictureSizes, pictureOf } from '../../core/graph/picture.ts';
import { type ClusterNode, type Scene, sceneOf, type TaskNode } from '../../core/graph/scene.ts';
import { NONE } from '../../core/graph/scope.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visible } from '../../core/text/visible.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { Filter, GraphNode, GraphScene } from '../../webviews/graph/protocol.ts';
import { l10n } from '../present/l10n.ts';
import { markNames } from './words.ts';

/** Sizes in pixels of the picture on the page. */
const pageSizes: PictureSizes = { width: 210, height: 44, gapX: 70, gapY: 16, margin: 24 };
/** Unfinished work decides the color of a cluster: the first of these that it contains. */
const clusterMarks: readonly MarkKind[] = [
  'asking',
  'failed',
  'running',
  'open',
  'review',
  'paused',
  'ready',
  'waiting',
  'draft',
  'cancelled',
  'done',
];

export type MarkOf = (task: TaskRecord) => MarkKind;

/** The scene of the page with the places of its boxes and lines. */
export function placedScene(view: StoreView, filter: Filter, markOf: MarkOf): GraphScene {
  const scene = sceneOf(view, filter, filter.detail, markOf);
  const { nodes, total, canSwitch, critical } = scene;
  const { width, height, boxes, lines } = pictureOf<TaskNode | ClusterNode>(nodes, pageSizes);
  const names = markNames();
  const byNumber = new Map<number, TaskNode | ClusterNode>(nodes.map((node) => [node.number, node]));
  const next = new Map(critical.map((id, at) => [id, critical[at + 1]]));
  const kindOf = (from: number, to: number, back: boolean): GraphScene['lines'][number]['kind'] => {
    const node = byNumber.get(to);
    const above = byNumber.get(from);
    const isParent = node?.kind === 'task' && above?.kind === 'task' && node.parent === from;
    if (isParent && !node.task.depends_on.includes(above.task.id)) return 'parent';
    return back ? 'cycle' : 'dependency';
  };
  const isCritical = (from: number, to: number): boolean => {
    const [one, other] = [byNumber.get(from), byNumber.get(to)];
    return one?.kind === 'task' && other?.kind === 'task' && next.get(one.task.id) === other.task.id;
  };
  return {
    width,
    height,
    boxWidth: pageSizes.width,
    boxHeight: pageSizes.height,
    kind: nodes[0]?.kind === 'cluster' ? 'clusters' : 'tasks',
    nodes: boxes.map(({ node, x, y }) => ({ ...described(node, names), x, y })),
    lines: lines.map(({ from, to, back, start, steps }) => ({
      from,
      to,
      kind: kindOf(from, to, back),
      critical: isCritical(from, to),
      start: [...start],
      steps: steps.map((step) => [...step]),
    })),
    total,
    canSwitch,
    critical: critical.length,
  };
}

/** The nodes of the same scene, as files show them. */
export function fileNodes(view: StoreView, filter: Filter, markOf: MarkOf): FileNode[] {
  const scene: Scene = sceneOf(view, filter, filter.detail, markOf);
  const names = markNames();
  return scene.nodes.map((node) => {
    const { label, detail, mark } = described(node, names);
    return { number: node.number, after: node.after, label, status: detail, mark: mark as MarkKind, gone: [] };
  });
}

function described(
  node: TaskNode | ClusterNode,
  names: Readonly<Record<MarkKind, string>>,
): Omit<GraphNode, 'x' | 'y'> {
  const { number } = node;
  if (node.kind === 'task') {
    const { task, mark, critical, parent = null } = node;
    const label = `#${number} ${visible(sanitizeLine(task.title))}`;
    return { number, id: task.id, scope: null, label, detail: names[mark], mark, shares: [], critical, parent };
  }
  const { name, level, tasks, marks, scope } = node;
  const none = level === 'project' ? l10n.t('No project') : l10n.t('No phase');
  const shares = clusterMarks.flatMap((mark) => {
    const share = (marks[mark] ?? 0) / tasks;
    return share === 0 ? [] : [{ mark, share }];
  });
  const done = marks.done ?? 0;
  return {
    number,
    id: '',
    scope: { project: scope.project, phase: scope.phase },
    label: name === NONE ? none : visible(name),
    detail: l10n.t('{0} of {1} completed', done.toLocaleString(), tasks.toLocaleString()),
    mark: shares[0]?.mark ?? 'done',
    shares,
    critical: false,
    parent: null,
  };
}
