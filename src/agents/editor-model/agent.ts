import type { Agent } from '../../core/agent/port.ts';
import { EDITOR_MODEL_NAME } from '../../core/editor-model/name.ts';
import { type ModelAccess, modelAccessSchema } from '../../core/editor-model/offer.ts';
import { PROGRAM_VARIABLE } from '../../core/editor-model/program-options.ts';
import { textStep } from '../../core/next-step.ts';
import { createAcpAgent } from '../acp/agent.ts';
import { editorModel } from './adapter.ts';
import type { EditorModelOptions } from './options.ts';

interface EditorModelWords {
  readonly title: string;
  /** The next step of a person who has not allowed the models. */
  readonly allow: string;
}

/** The agent that works with the models of a window. */
export function editorModelAgent(
  access: ModelAccess,
  { sessions, script, env = process.env, launcher, title, allow }: EditorModelOptions & EditorModelWords,
): Agent {
  return createAcpAgent({
    name: EDITOR_MODEL_NAME,
    title,
    command: process.execPath,
    args: [script()],
    env: { ...env, [PROGRAM_VARIABLE]: JSON.stringify({ ...modelAccessSchema.parse(access), sessions }) },
    launcher,
    login: [textStep(allow)],
    adapter: editorModel,
  });
}
