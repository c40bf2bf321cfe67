import type * as vscode from 'vscode';
import type { FieldName } from '../../webviews/kit/fact-schema.ts';
import type { InputOf } from '../../webviews/kit/protocol.ts';
import { type NewTaskProtocol, newTaskProtocol, type Texts } from '../../webviews/new-task/protocol.ts';
import { errorText } from '../feedback/errors.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { Page, type PageContext } from '../pages/page.ts';
import { l10n } from '../present/l10n.ts';
import { draftGroups, factsOf } from './fact-groups.ts';
import { createInput, draftFields, restoredFields } from './fields/draft-fields.ts';
import { pickField } from './fields/pick-field.ts';
import type { TaskFields } from './fields/task-fields.ts';
import { findFiles } from './find-files.ts';
import { newTaskWords } from './new-task-words.ts';
import { usualAgent } from './usual-agent.ts';

interface NewTaskOptions {
  readonly panel: vscode.WebviewPanel;
  readonly context: PageContext;
  readonly folder: TaskFolder;
  readonly texts: Texts;
  /** Fields that the page kept over a reload. */
  readonly fields: string | undefined;
  readonly created: (folder: TaskFolder, id: string) => Promise<void>;
  readonly closed: () => void;
}

/** One editor tab with the form for a new task. */
export class NewTaskTab implements vscode.Disposable {
  private readonly options: NewTaskOptions;
  private readonly page: Page<NewTaskProtocol>;
  private fields: TaskFields | undefined;

  constructor(options: NewTaskOptions) {
    const { panel, context, folder } = options;
    this.options = options;
    this.page = new Page(panel.webview, context, {
      name: 'new-task',
      title: l10n.t('New Task'),
      protocol: newTaskProtocol,
      handlers: {
        ready: () => {
          void this.draw();
          return newTaskWords();
        },
        change: ({ field }) => this.change(field),
        files: ({ query }) => findFiles(folder, query),
        create: (wish) => this.create(wish),
      },
    });
    panel.onDidDispose(() => {
      this.page.dispose();
      options.closed();
    });
  }

  dispose(): void {
    this.options.panel.dispose();
  }

  private async draw(): Promise<void> {
    const { folder, texts, context } = this.options;
    try {
      const fields = await this.current();
      const problem = (await folder.ready()).agents.unavailable(fields.tool);
      this.page.emit('draft', {
        folder: folder.path,
        texts,
        agent: factsOf(folder, fields, ['tool']),
        groups: draftGroups(folder, fields),
        script: fields.tool === 'SHELL',
        ...(problem === undefined ? {} : { problem: errorText(problem) }),
        fields: JSON.stringify(fields),
      });
    } catch (error) {
      context.logger.error('The page of a new task could not be drawn.', error);
    }
  }

  private async current(): Promise<TaskFields> {
    const { folder, fields: kept } = this.options;
    if (this.fields === undefined) {
      const base = draftFields(await usualAgent(folder));
      this.fields = kept === undefined ? base : restoredFields(kept, base);
    }
    return this.fields;
  }

  private async change(field: FieldName): Promise<null> {
    const fields = await this.current();
    const change = await pickField(field, { folder: this.options.folder, fields, id: undefined });
    if (change !== undefined) this.fields = { ...fields, ...change };
    await this.draw();
    return null;
  }

  private async create({ texts, start }: InputOf<NewTaskProtocol, 'create'>): Promise<null> {
    const { folder, panel, created } = this.options;
    if (texts.title.trim() === '') throw new Error(l10n.t('{0} is required.', l10n.t('A title')));
    const task = await operate(folder, 'task.create', createInput(texts, await this.current(), start));
    await created(folder, task.id);
    panel.dispose();
    return null;
  }
}
