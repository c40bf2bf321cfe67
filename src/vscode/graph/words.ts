import type { MarkKind } from '../../core/graph/marks.ts';
import type { GraphWords } from '../../webviews/graph/protocol.ts';
import { l10n } from '../present/l10n.ts';
import { markShapes } from '../present/mark-shapes.ts';

/** Names of the standings that a picture distinguishes. */
export function markNames(): Readonly<Record<MarkKind, string>> {
  return {
    draft: l10n.t('Draft'),
    ready: l10n.t('Ready'),
    waiting: l10n.t('Waiting'),
    asking: l10n.t('Needs you'),
    running: l10n.t('Running'),
    open: l10n.t('Session open'),
    paused: l10n.t('Paused'),
    review: l10n.t('To review'),
    done: l10n.t('Completed'),
    failed: l10n.t('Failed'),
    cancelled: l10n.t('Cancelled'),
  };
}

/** The texts of the graph page. */
export function graphWords(): GraphWords {
  const names = markNames();
  return {
    folder: l10n.t('Folder'),
    project: l10n.t('Project'),
    allProjects: l10n.t('All projects'),
    noProject: l10n.t('No project'),
    back: l10n.t('Show All'),
    showTasks: l10n.t('Show Tasks'),
    showClusters: l10n.t('Show Groups'),
    search: l10n.t('Search by number or title'),
    match: l10n.t('1 match'),
    matches: l10n.t('{0} matches', '{0}'),
    noMatch: l10n.t('No match'),
    zoomIn: l10n.t('Zoom In'),
    zoomOut: l10n.t('Zoom Out'),
    fit: l10n.t('Fit'),
    exportSvg: l10n.t('Export SVG…'),
    exportPng: l10n.t('Export PNG…'),
    open: l10n.t('Open'),
    neighbourhood: l10n.t('Show Neighbors'),
    addDependency: l10n.t('Add Dependency…'),
    removeDependency: l10n.t('Remove Dependency…'),
    canvas: l10n.t('Picture of the graph. The list beside it has the same tasks.'),
    tree: l10n.t('Tasks of the graph'),
    waitsFor: l10n.t('waits for {0}', '{0}'),
    neededBy: l10n.t('needed by {0}', '{0}'),
    partOf: l10n.t('part of {0}', '{0}'),
    criticalTask: l10n.t('on the critical path'),
    critical: l10n.t('Critical path: {0} tasks', '{0}'),
    legend: l10n.t('Legend'),
    dependency: l10n.t('Dependency'),
    parent: l10n.t('Part of'),
    summary: l10n.t('{0} tasks', '{0}'),
    partly: l10n.t('Unfinished tasks come first. {0} tasks are not shown: choose a project.', '{0}'),
    empty: l10n.t('No tasks in this window.'),
    wouldCycle: l10n.t('This dependency would close a cycle.'),
    dropToAdd: l10n.t('Drop on the task that waits for {0}.', '{0}'),
    dropToRemove: l10n.t('Drop on empty space to remove the dependency.'),
    help: l10n.t(
      'Drag from the right edge of a task to the task that waits for it. Drag an arrowhead away to remove the dependency.',
    ),
    marks: markShapes().map((shape) => ({ ...shape, name: names[shape.mark as MarkKind] })),
  };
}
