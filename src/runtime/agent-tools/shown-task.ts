import type { TaskRecord } from '../../core/task/schema.ts';
import { currentStep } from '../../core/task/workflow.ts';
import type { StoreView } from '../../store/journal/view.ts';

const PARTS = 100;

/** A task as its agent sees it. */
export function taskForAgent(view: StoreView, task: TaskRecord): Record<string, unknown> {
  const { number, title, description, instructions, status, acceptance_criteria: acceptance, progress } = task;
  const parts = [...view.children(task.id)].slice(0, PARTS);
  const step = currentStep(task);
  const notes = task.executions.flatMap(({ agent, note }) => (note === undefined ? [] : [{ agent, note }]));
  return {
    number,
    title,
    ...(description === title ? {} : { description }),
    ...(instructions === undefined ? {} : { instructions }),
    status,
    ...(acceptance.length === 0 ? {} : { acceptance }),
    ...(progress === undefined ? {} : { progress }),
    ...(step === undefined ? {} : { step: step.phase }),
    ...(Object.keys(task.constraints).length === 0 ? {} : { limits: task.constraints }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(parts.length === 0
      ? {}
      : { parts: parts.map((part) => ({ number: part.number, title: part.title, status: part.status })) }),
  };
}
