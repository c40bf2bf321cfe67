import type { AgentInfo } from '../../core/agent/catalog.ts';
import { EDITOR_MODEL_NAME } from '../../core/editor-model/name.ts';
import type { TaskError } from '../../core/errors.ts';

const capabilities = {
  asks: true,
  follow_ups: true,
  resumes: true,
  models: true,
  usage: true,
  cost: false,
  tool_limits: true,
};

/** The agent for lists. @param problem why no window offers its models */
export function editorModelInfo(title: string, problem: TaskError | undefined): AgentInfo {
  const about = { name: EDITOR_MODEL_NAME, title, kind: 'acp' as const, capabilities };
  if (problem === undefined) return { ...about, available: true };
  return { ...about, available: false, install: problem.next.map(({ label }) => label).join(' ') };
}
