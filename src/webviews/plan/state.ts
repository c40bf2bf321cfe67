import { computed, signal } from '@preact/signals';
import { connect } from '../kit/connect.ts';
import type { FormValues } from '../kit/form-schema.ts';
import { type Edit, type Edits, type PlanModel, planProtocol, type Refinement, savedPlanSchema } from './protocol.ts';
import { checkedStates, shownPositions, withAccepted, withChecked } from './tree.ts';

const connection = connect(planProtocol, savedPlanSchema);
export const { channel } = connection;

const CHECK_MS = 200;

export const model = signal<PlanModel | undefined>(undefined);
export const skip = signal<ReadonlySet<string>>(new Set());
export const edits = signal<Readonly<Record<string, Edit>>>({});
export const collapsed = signal<ReadonlySet<string>>(new Set());
/** Position of the item whose details are shown. */
export const selected = signal(0);
/** Values of the fields of a template. */
export const values = signal<FormValues>({});
/** The tasks are being created. A second press in that time would create them twice. */
export const creating = signal(false);
/** The fault of the last action or check. */
export const fault = signal('');

export const refinement = signal<Refinement>({ state: 'none', message: '' });
/** Keys of the proposed changes that the person does not accept. */
export const refused = signal<ReadonlySet<string>>(new Set());
/** The host takes the accepted changes into the plan. */
export const settling = signal(false);

interface Check {
  readonly problems: readonly { readonly key?: string | undefined; readonly message: string }[];
  readonly creates: number;
  readonly changes: number;
}

/** The plan with the changes of the person as the host checked it; undefined until it has. */
export const check = signal<Check | undefined>(undefined);
export const states = computed(() => checkedStates(model.value?.items ?? [], skip.value));
export const shown = computed(() => shownPositions(model.value?.items ?? [], collapsed.value));

/**
 * Edits to keep for the next plan: those of the last session of the tab, or those before a refinement. They hold for one
 * plan only, because another one has other items.
 */
let restored = connection.saved?.edits;
let timer: ReturnType<typeof setTimeout> | undefined;
let lastCheck = 0;

channel.on('plan', (next) => {
  const keys = new Set(next.items.map(({ key }) => key));
  const kept = next.items.length > 0 ? restored : undefined;
  if (model.peek()?.form === undefined) values.value = next.form?.values ?? {};
  model.value = next;
  if (next.items.length > 0) restored = undefined;
  skip.value = new Set(
    kept?.skip.filter((key) => keys.has(key)) ?? next.items.flatMap(({ key, skipped }) => (skipped ? [key] : [])),
  );
  edits.value =
    kept === undefined ? {} : Object.fromEntries(Object.entries(kept.items).filter(([key]) => keys.has(key)));
  selected.value = Math.min(selected.peek(), Math.max(0, next.items.length - 1));
  fault.value = next.fault;
  check.value = undefined;
  changed();
});

channel.on('refinement', (next) => {
  if (next.state === 'proposed' && refinement.peek().state !== 'proposed') refused.value = new Set();
  refinement.value = next;
});

channel.on('dismissed', ({ key }) => {
  const now = model.peek();
  if (now === undefined) return;
  const items = now.items.filter((item) => item.key !== key);
  model.value = { ...now, items };
  selected.value = Math.min(selected.peek(), Math.max(0, items.length - 1));
  check.value = undefined;
  changed();
});

/** Checks or clears an item with everything below it. */
export function setChecked(position: number, checked: boolean): void {
  skip.value = withChecked(model.peek()?.items ?? [], skip.peek(), position, checked);
  changed();
}

export function setAllChecked(checked: boolean): void {
  skip.value = new Set(checked ? [] : (model.peek()?.items ?? []).map(({ key }) => key));
  changed();
}

export function edit(key: string, change: Edit): void {
  const before = edits.peek()[key];
  const limits = change.limits === undefined ? before?.limits : { ...before?.limits, ...change.limits };
  edits.value = { ...edits.peek(), [key]: { ...before, ...change, ...(limits === undefined ? {} : { limits }) } };
  changed();
}

/** Gives every task one agent; tasks with phases keep the agents of those. */
export function setAgentOfAll(agent: string): void {
  const next = { ...edits.peek() };
  for (const { key, group, phases } of model.peek()?.items ?? []) {
    if (!group && !phases) next[key] = { ...next[key], agent };
  }
  edits.value = next;
  changed();
}

export function setCollapsed(key: string, isCollapsed: boolean): void {
  const next = new Set(collapsed.peek());
  if (isCollapsed) next.add(key);
  else next.delete(key);
  collapsed.value = next;
}

export function create(start: boolean): void {
  if (creating.peek()) return;
  creating.value = true;
  fault.value = '';
  channel
    .request('create', { edits: current(), start })
    .catch(report)
    .finally(() => {
      creating.value = false;
    });
}

export function dismiss(key: string): void {
  channel.request('dismiss', { key }).catch(report);
}

export function refine(): void {
  fault.value = '';
  channel.request('refine', {}).catch(report);
}

export function cancelRefinement(): void {
  channel.request('cancelRefinement', {}).catch(report);
}

export function showRefinement(): void {
  channel.request('showRefinement', {}).catch(report);
}

/** Accepts or refuses a proposed change. A group is removed only with everything below it. */
export function setAccepted(position: number, accepted: boolean): void {
  const now = refinement.peek();
  if (now.state === 'proposed') refused.value = withAccepted(now.rows, refused.peek(), position, accepted);
}

/** Takes the proposed changes of these items into the plan; without keys, the plan is that of the source alone. */
export function settle(accepted: string[]): void {
  if (settling.peek()) return;
  settling.value = true;
  // The person's own changes of other items stay.
  const own = current();
  restored = own;
  channel
    .request('settle', { accepted })
    .catch(report)
    .finally(() => {
      settling.value = false;
      if (restored === own) restored = undefined;
    });
}

/** Rejects with the fault of the fields. */
export async function fillIn(): Promise<void> {
  await channel.request('fill', { values: values.peek() });
}

export function report(error: unknown): void {
  fault.value = error instanceof Error ? error.message : String(error);
}

function current(): Edits {
  const keys = new Set(model.peek()?.items.map(({ key }) => key));
  return {
    skip: [...skip.peek()].filter((key) => keys.has(key)),
    items: Object.fromEntries(Object.entries(edits.peek()).filter(([key]) => keys.has(key))),
  };
}

function changed(): void {
  const now = model.peek();
  if (now === undefined) return;
  // Edits wait for a plan with items: a source that cannot be read now may be readable later.
  connection.save({ folder: now.folder, origin: now.origin, edits: restored ?? current() });
  clearTimeout(timer);
  if (now.items.length > 0) timer = setTimeout(runCheck, CHECK_MS);
}

function runCheck(): void {
  lastCheck += 1;
  const own = lastCheck;
  channel.request('check', current()).then(
    (result) => {
      // A later change has its own check.
      if (own !== lastCheck) return;
      check.value = result;
      fault.value = '';
    },
    (error) => {
      if (own !== lastCheck) return;
      check.value = undefined;
      report(error);
    },
  );
}
