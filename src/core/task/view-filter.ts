import { TaskError } from '../errors.ts';
import { suggestions, textStep } from '../next-step.ts';
import { sameWord } from '../text/suggestion.ts';
import { compileFilter } from './filter.ts';
import { parseFilter } from './filter-text.ts';
import { needOf } from './needs.ts';
import type { TaskRecord } from './schema.ts';
import { isStuck, type Standing } from './standing.ts';

type Test = (task: TaskRecord, situation: Standing) => boolean;

/** Situations that `is:` names. */
const situations: Readonly<Record<string, Test>> = {
  asking: (_, { kind }) => kind === 'asking',
  blocked: (_, situation) =>
    situation.kind === 'waiting' &&
    (situation.for === 'dependency' || situation.for === 'parent_dependency' || isStuck(situation)),
  cancelled: (_, { kind }) => kind === 'cancelled',
  done: (_, { kind }) => kind === 'done',
  draft: (_, { kind }) => kind === 'draft',
  failed: (_, { kind }) => kind === 'failed',
  group: (task) => task.kind === 'group',
  needed: (task, situation) => needOf(task, situation) !== undefined,
  open: (_, { kind }) => kind === 'open',
  paused: (_, { kind }) => kind === 'paused',
  pending: ({ status }) => status === 'pending',
  queued: (task) => task.queued_at !== undefined,
  ready: (_, { kind }) => kind === 'ready',
  review: (task, situation) => needOf(task, situation) === 'review',
  running: (_, { kind }) => kind === 'running',
  waiting: (_, { kind }) => kind === 'waiting',
};
const names = Object.keys(situations);
const isPart = /(?<=^|\s)is:(\S*)/gi;

/**
 * Parses a filter of a view: the fields of {@link parseFilter}, and `is:` with a situation, as in
 * `agent:codex label:api is:blocked "log in"`. Every condition must match. An empty text matches every task.
 *
 * @throws TaskError `InvalidInput` with the reason
 */
export function parseViewFilter(text: string): (task: TaskRecord, situation: () => Standing) => boolean {
  const tests = [...text.matchAll(isPart)].flatMap(([, value = '']) => [alternatives(value)]);
  const { tool, ...fields } = parseFilter(text.replace(isPart, ''));
  // Agents have names in capitals; a person types them in any case.
  const matches = compileFilter({ ...fields, ...(tool === undefined ? {} : { tool: [tool].flat().map(upper) }) });
  return (task, situation) => matches(task) && tests.every((test) => test(task, situation()));
}

function alternatives(value: string): Test {
  const tests = value.split(',').map((word) => {
    const test = situations[sameWord(word, names) ?? ''];
    if (test === undefined) throw unknown(word);
    return test;
  });
  return (task, situation) => tests.some((test) => test(task, situation));
}

function unknown(word: string): TaskError {
  return new TaskError('InvalidInput', `The filter cannot be used: "is:${word}" is not a situation.`, {
    next: [...suggestions(word, names), textStep(`Use is: with one of ${names.join(', ')}.`)],
  });
}

function upper(name: string): string {
  return name.toUpperCase();
}
