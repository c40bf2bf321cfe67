import * as vscode from 'vscode';
import { EDITOR_MODEL_NAME } from '../../core/editor-model/name.ts';
import type { ModelAccess } from '../../core/editor-model/offer.ts';
import type { Logger } from '../../core/logger.ts';
import { Serial } from '../../core/serial.ts';
import { ensureForReady } from '../../operations/queue/ensure-worker.ts';
import { ModelServer } from '../../runtime/editor-models/model-server.ts';
import { clearOffers, offerModels } from '../../runtime/editor-models/offer-models.ts';
import type { CommandId } from '../contributions.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';
import { justification, ModelCalls } from './call-model.ts';

/** The default model, which the person chose. */
const CHOSEN = 'systemprompt.editorModel';
const allowCommand: CommandId = 'systemprompt.models.allow';

/**
 * Offers the models of the editor to the agents of the window's folders, on a private socket that a file of each folder
 * names. A closed window takes its offers back.
 */
export class EditorModels implements vscode.Disposable {
  private readonly extension: vscode.ExtensionContext;
  private readonly folders: TaskFolders;
  private readonly logger: Logger;
  private readonly subscriptions: vscode.Disposable[];
  private readonly turns = new Serial();
  private readonly calls: ModelCalls;
  private readonly offers = new Map<string, { readonly access: string; withdraw(): Promise<void> }>();
  private server: Promise<ModelServer> | undefined;
  private asked = false;
  private disposed = false;

  constructor(extension: vscode.ExtensionContext, folders: TaskFolders, logger: Logger) {
    this.extension = extension;
    this.folders = folders;
    this.logger = logger;
    this.calls = new ModelCalls(extension.languageModelAccessInformation);
    const refresh = (): void => void this.refresh();
    this.subscriptions = [
      vscode.lm.onDidChangeChatModels(refresh),
      extension.languageModelAccessInformation.onDidChange(refresh),
      folders.onDidChange(refresh),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    ];
    refresh();
  }

  /** Offers the models as they are now. Resolves when the offers are made. */
  refresh(): Promise<void> {
    return this.turns
      .run(() => this.update())
      .catch((error: unknown) => this.logger.warn('The models of the editor could not be offered.', error));
  }

  /** Lets the person choose a model and allow its use. Call it for an action of the person. */
  async allow(): Promise<void> {
    const models = await vscode.lm.selectChatModels();
    if (models.length === 0) {
      const text = l10n.t('No extension of this window provides a model. Install one, for example GitHub Copilot.');
      return void (await vscode.window.showInformationMessage(text));
    }
    const model = await pick(models);
    if (model === undefined) return;
    await this.extension.globalState.update(CHOSEN, model.id);
    if (this.extension.languageModelAccessInformation.canSendRequest(model) !== true) await askConsent(model);
    await this.refresh();
    void vscode.window.showInformationMessage(l10n.t('Tasks can use the model {0}.', model.name));
  }

  dispose(): void {
    this.disposed = true;
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
    void this.turns
      .run(async () => {
        await Promise.all([...this.offers.values()].map((offer) => offer.withdraw()));
        await (await this.server)?.close();
      })
      .catch((error: unknown) => this.logger.warn('The models of the editor could not be withdrawn.', error));
  }

  private async update(): Promise<void> {
    if (this.disposed) return;
    const open = vscode.workspace.isTrusted ? this.folders.all.filter(({ host }) => host !== undefined) : [];
    const models = open.length === 0 ? [] : await vscode.lm.selectChatModels();
    const access = await this.accessTo(models);
    for (const [path, offer] of [...this.offers]) {
      if (models.length > 0 && open.some((folder) => folder.path === path)) continue;
      this.offers.delete(path);
      await offer.withdraw();
    }
    if (models.length === 0) return;
    for (const folder of open) {
      const { host, path } = folder;
      const before = this.offers.get(path);
      const now = JSON.stringify(access ?? null);
      if (host === undefined || before?.access === now) continue;
      await clearOffers(path);
      const withdraw = await offerModels(path, access);
      this.offers.set(path, { access: now, withdraw });
      await before?.withdraw();
      // Tasks that waited for the window can run.
      await ensureForReady(host);
    }
    if (access === undefined) void this.askForWaiting();
  }

  /** The way to the models that the person allowed; undefined if there are none. */
  private async accessTo(models: readonly vscode.LanguageModelChat[]): Promise<ModelAccess | undefined> {
    const { languageModelAccessInformation: access, globalState } = this.extension;
    const chosen = globalState.get<string>(CHOSEN);
    const allowed = models.filter((model) => access.canSendRequest(model) === true);
    if (allowed.length === 0) return undefined;
    const first = allowed.filter(({ id }) => id === chosen);
    const sorted = [...first, ...allowed.filter(({ id }) => id !== chosen)];
    this.server ??= ModelServer.open((request, signal) => this.calls.call(request, signal)).catch((error: unknown) => {
      // The next refresh tries again: a full disk or too many open files need not last.
      this.server = undefined;
      throw error;
    });
    const { path: socket, token } = await this.server;
    return { socket, token, models: sorted.map(({ id, name, maxInputTokens }) => ({ id, name, maxInputTokens })) };
  }

  /** Asks once for a task that waits for the permission. */
  private async askForWaiting(): Promise<void> {
    const waiting = this.folders.all.flatMap(({ host }) => [...(host?.store.view.frontier.take(1, wantsModel) ?? [])]);
    const [task] = waiting;
    if (task === undefined || this.asked) return;
    this.asked = true;
    const button = l10n.t('Choose a Model…');
    const text = l10n.t('#{0} waits for your permission to use the models of the editor.', task.number);
    // The command shows an error, for example if the person refuses after all.
    if ((await vscode.window.showInformationMessage(text, button)) === button) {
      await vscode.commands.executeCommand(allowCommand);
    }
  }
}

function wantsModel({ tool, queued_at }: { readonly tool: string; readonly queued_at?: string | undefined }): boolean {
  return tool === EDITOR_MODEL_NAME && queued_at !== undefined;
}

async function pick(models: readonly vscode.LanguageModelChat[]): Promise<vscode.LanguageModelChat | undefined> {
  if (models.length === 1) return models[0];
  const items = models.map((model) => ({ label: model.name, description: `${model.vendor}, ${model.family}`, model }));
  const placeHolder = l10n.t('Choose the default model for tasks');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.model;
}

/** A request opens the editor's own dialog; the answer of the model does not matter. */
async function askConsent(model: vscode.LanguageModelChat): Promise<void> {
  const cancel = new vscode.CancellationTokenSource();
  const prompt = [vscode.LanguageModelChatMessage.User('Reply with OK.')];
  try {
    await model.sendRequest(prompt, { justification: justification() }, cancel.token);
  } finally {
    cancel.cancel();
    cancel.dispose();
  }
}
