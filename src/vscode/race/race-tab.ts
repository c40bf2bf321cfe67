import * as vscode from 'vscode';
import { type RaceModel, type RaceProtocol, raceProtocol } from '../../webviews/race/protocol.ts';
import type { CommandId } from '../contributions.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { operate } from '../operate.ts';
import { Page, type PageContext } from '../pages/page.ts';
import { Reloads } from '../pages/reloads.ts';
import { l10n } from '../present/l10n.ts';
import { askJudge } from './ask-judge.ts';
import { pickEntrant } from './pick-entrant.ts';
import { raceModel } from './race-model.ts';
import { raceWords } from './race-words.ts';

/** Milliseconds between two loads while tasks of the race change. */
const RELOAD_MS = 500;
const TITLE_CHARS = 40;

/** A race in its folder. */
export interface ShownRace {
  readonly folder: TaskFolder;
  readonly id: string;
}

interface RaceTabOptions extends ShownRace {
  readonly panel: vscode.WebviewPanel;
  readonly context: PageContext;
  readonly folders: TaskFolders;
  readonly closed: () => void;
}

/** One editor tab that compares the entrants of a race, kept up to date while it is visible. */
export class RaceTab implements vscode.Disposable {
  private readonly options: RaceTabOptions;
  private readonly page: Page<RaceProtocol>;
  private readonly reloads: Reloads;
  private closed = false;

  constructor(options: RaceTabOptions) {
    const { panel, context, folders, folder, id } = options;
    this.options = options;
    this.page = new Page(panel.webview, context, {
      name: 'race',
      title: l10n.t('Race'),
      protocol: raceProtocol,
      handlers: {
        words: raceWords,
        load: () => this.reloads.load(() => this.load()),
        open: ({ task }) => this.run('systemprompt.task.open', task),
        changes: ({ task }) => this.run('systemprompt.task.review', task),
        pick: async ({ task }) => {
          await pickEntrant(folder, id, task);
          // The editor does not always return the focus to the page after a modal question.
          if (!this.closed && panel.active) panel.reveal();
          return null;
        },
        judge: async () => {
          await askJudge(folder, id);
          return null;
        },
        merge: () => this.run('systemprompt.task.merge', id),
      },
    });
    this.reloads = new Reloads(folders, {
      pauseMs: RELOAD_MS,
      isVisible: () => panel.visible,
      reload: () => this.page.emit('changed', {}),
      concerns: ({ folder: changed, taskId, task }) =>
        changed === folder && (taskId === id || task === undefined || task.parent_id === id),
    });
    panel.onDidDispose(() => {
      this.closed = true;
      this.reloads.dispose();
      this.page.dispose();
      options.closed();
    });
  }

  shows({ folder, id }: ShownRace): boolean {
    return this.options.folder === folder && this.options.id === id;
  }

  reveal(): void {
    this.options.panel.reveal();
  }

  dispose(): void {
    this.options.panel.dispose();
  }

  private async load(): Promise<RaceModel | null> {
    const { panel, folder, id } = this.options;
    const { store } = await folder.ready();
    if (store.view.byId(id)?.race === undefined) return null;
    const comparison = await operate(folder, 'task.race.show', { task: id });
    const race = folder.host?.store.view.byId(id);
    if (race === undefined) return null;
    const model = raceModel({ folder, race, comparison, now: Date.now() });
    if (!this.closed) panel.title = titleOf(model.heading);
    return model;
  }

  private async run(command: CommandId, task: string): Promise<null> {
    await vscode.commands.executeCommand(command, task, this.options.folder.path);
    return null;
  }
}

function titleOf(heading: string): string {
  const short = heading.length > TITLE_CHARS ? `${heading.slice(0, TITLE_CHARS - 1)}…` : heading;
  return l10n.t('Race {0}', short);
}
