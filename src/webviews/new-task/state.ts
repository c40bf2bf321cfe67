import { signal } from '@preact/signals';
import { connect } from '../kit/connect.ts';
import { type Draft, newTaskProtocol, savedDraftSchema, type Texts } from './protocol.ts';

const connection = connect(newTaskProtocol, savedDraftSchema);
export const { channel } = connection;

export const draft = signal<Draft | undefined>(undefined);
export const texts = signal<Texts | undefined>(connection.saved?.texts);
/** The task is being created. A second press in that time would create and start it twice. */
export const creating = signal(false);
/** The fault of the last action. */
export const fault = signal('');

channel.on('draft', (next) => {
  draft.value = next;
  texts.value ??= next.texts;
  save();
});

export function setTexts(part: Partial<Texts>): void {
  const now = texts.peek();
  if (now === undefined) return;
  texts.value = { ...now, ...part };
  save();
}

function save(): void {
  const [now, written] = [draft.peek(), texts.peek()];
  if (now !== undefined && written !== undefined) {
    connection.save({ folder: now.folder, fields: now.fields, texts: written });
  }
}

export function create(start: boolean): void {
  const written = texts.peek();
  if (written === undefined || creating.peek()) return;
  creating.value = true;
  fault.value = '';
  channel
    .request('create', { texts: written, start })
    .catch(report)
    .finally(() => {
      creating.value = false;
    });
}

export function report(error: unknown): void {
  fault.value = error instanceof Error ? error.message : String(error);
}
