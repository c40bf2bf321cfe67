import * as vscode from 'vscode';
import { isColumn } from '../../core/board/columns.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { type Board, type BoardProtocol, boardProtocol, type Wish } from '../../webviews/board/protocol.ts';
import type { InputOf, OutputOf } from '../../webviews/kit/protocol.ts';
import { pageTypes } from '../contributions.ts';
import { errorText } from '../feedback/errors.ts';
import type { NeedingTasks } from '../folders/needing-tasks.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { commonMove, moveTasks } from '../moves/move-tasks.ts';
import { operate } from '../operate.ts';
import { EditorPage } from '../pages/editor-page.ts';
import type { PageContext } from '../pages/page.ts';
import { Reloads } from '../pages/reloads.ts';
import { l10n } from '../present/l10n.ts';
import { groupWord } from '../present/words.ts';
import { offeredCommand } from '../task/buttons.ts';
import type { GroupKey } from '../tree/groups.ts';
import { ChangeCounts } from './change-counts.ts';
import { boardOf } from './columns.ts';
import { boardWords } from './words.ts';

/** Milliseconds between two loads while tasks change. */
const RELOAD_MS = 250;

/** The board: the tasks of a folder as cards in columns, kept up to date while it is visible. */
export class BoardPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly needing: NeedingTasks;
  private readonly page: EditorPage<BoardProtocol>;
  private readonly reloads: Reloads;
  private readonly changes: ChangeCounts;

  constructor(context: PageContext, folders: TaskFolders, needing: NeedingTasks) {
    this.folders = folders;
    this.needing = needing;
    this.page = new EditorPage(context, {
      viewType: pageTypes.board,
      name: 'board',
      title: l10n.t('Task Board'),
      protocol: boardProtocol,
      handlers: {
        words: boardWords,
        load: (wish) => this.reloads.load((open) => this.load(open, wish)),
        openTask: ({ folder, task }) => run('systemprompt.task.open', task, folder),
        moves: (wish) => this.moves(wish),
        move: async ({ folder, tasks, from, to }) => {
          await moveTasks(this.folder(folder), tasks, columnKey(from), columnKey(to));
          return null;
        },
        chooseMove: (wish) => this.chooseMove(wish),
        act: (wish) => this.act(wish),
        newTask: () => run('systemprompt.task.create'),
        setPlaying: async ({ folder, playing }) => {
          await operate(this.folder(folder), playing ? 'queue.play' : 'queue.pause', {});
          return null;
        },
      },
    });
    this.reloads = new Reloads(folders, {
      pauseMs: RELOAD_MS,
      isVisible: () => this.page.isVisible,
      reload: () => this.page.emit('changed', {}),
    });
    this.changes = new ChangeCounts(() => this.reloads.schedule());
  }

  show(): void {
    this.page.show();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    return this.page.deserializeWebviewPanel(panel);
  }

  dispose(): void {
    this.changes.dispose();
    this.reloads.dispose();
    this.page.dispose();
  }

  /** @throws Error if the folder is no longer open */
  private folder(path: string): TaskFolder {
    const folder = this.folders.find(path);
    if (folder === undefined) throw new Error(l10n.t('This folder is no longer open.'));
    return folder;
  }

  private load(open: readonly TaskFolder[], asked: Wish): Board {
    const folder = open.find(({ path }) => path === asked.folder) ?? open[0];
    const trusted = vscode.workspace.isTrusted;
    const { needing, changes } = this;
    const input = { folder, wish: asked, needing, changes, trusted, now: Date.now(), describe: errorText };
    return { folders: open.map(({ path, name }) => ({ path, name: sanitizeLine(name) })), trusted, ...boardOf(input) };
  }

  private async tasks(folder: TaskFolder, ids: readonly string[]): Promise<TaskRecord[]> {
    const { store } = await folder.ready();
    return ids.map((id) => store.resolve(id));
  }

  private async moves({
    folder: path,
    tasks: ids,
    columns,
  }: Asked<'moves'>): Promise<OutputOf<BoardProtocol, 'moves'>> {
    const tasks = await this.tasks(this.folder(path), ids);
    return columns.flatMap((column) => {
      const move = commonMove(tasks, 'all', columnKey(column));
      return move === undefined ? [] : [{ column, legal: move.kind !== 'refused', text: move.text }];
    });
  }

  private async chooseMove({ folder: path, tasks: ids, from, columns }: Asked<'chooseMove'>): Promise<null> {
    const folder = this.folder(path);
    const tasks = await this.tasks(folder, ids);
    const others = columns.filter((column) => column !== from).map(columnKey);
    const moves = others.map((to) => ({ to, move: commonMove(tasks, columnKey(from), to) }));
    const items = moves.flatMap(({ to, move }) =>
      move === undefined || move.kind === 'refused' ? [] : [{ label: groupWord(to), description: move.text, to }],
    );
    const title =
      tasks.length === 1 ? l10n.t('Move #{0} to', tasks[0]?.number ?? '') : l10n.t('Move {0} tasks to', ids.length);
    if (items.length === 0) {
      const reasons = new Set(moves.flatMap(({ move }) => (move === undefined ? [] : [move.text])));
      void vscode.window.showInformationMessage([l10n.t('No column is a target.'), ...reasons].join(' '));
      return null;
    }
    const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
    if (chosen !== undefined) await moveTasks(folder, ids, columnKey(from), chosen.to);
    return null;
  }

  private async act({ folder: path, task: id, action }: Asked<'act'>): Promise<null> {
    const folder = this.folder(path);
    const [task] = await this.tasks(folder, [id]);
    if (action === 'decide') return run('systemprompt.approvals.open');
    if (action === 'answer') return run('systemprompt.approval.answer', id, folder.path);
    const command = task && offeredCommand(action, task, vscode.workspace.isTrusted);
    if (command === undefined) throw new Error(l10n.t('This is no longer possible: the task has changed.'));
    return run(command, id, folder.path);
  }
}

type Asked<N extends keyof BoardProtocol['requests']> = InputOf<BoardProtocol, N>;

async function run(command: string, ...args: string[]): Promise<null> {
  await vscode.commands.executeCommand(command, ...args);
  return null;
}

/** @throws Error for a key that no column has: the page is untrusted */
function columnKey(text: string): GroupKey {
  if (isColumn(text) || text === 'all') return text;
  if (/^(project|agent|label):/.test(text)) return text as GroupKey;
  throw new Error(l10n.t('The board has no such column.'));
}
