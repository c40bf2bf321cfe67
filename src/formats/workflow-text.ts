import { TaskError } from '../core/errors.ts';
import { isRecord } from '../core/is-record.ts';
import { textStep } from '../core/next-step.ts';
import { parseYaml } from './yaml.ts';

/** A phase with an agent as it was written: the name of an agent, or a model. */
interface WrittenStep {
  readonly phase: string;
  readonly agent: string;
  readonly model?: string;
}

/**
 * Reads the phases of a workflow: `design:CLAUDECODE,implementation:CODEX/gpt-5`, or a list in YAML or JSON.
 *
 * @throws TaskError `InvalidInput` for a phase without a name or an agent
 */
export function readWorkflow(text: string): unknown {
  if (!/^[[-]|^workflow\s*:|\n/.test(text.trim())) return text.split(',').map(readStep);
  const value = parseYaml(text, 'The workflow');
  if (!isRecord(value)) return value;
  if (Object.hasOwn(value, 'workflow')) return value['workflow'];
  throw new TaskError('InvalidInput', 'The text has no key "workflow" with a list of phases.', {
    next: [textStep('Write each phase as a list entry with the keys "phase" and "agent".')],
  });
}

function readStep(text: string): WrittenStep {
  const colon = text.indexOf(':');
  const phase = text.slice(0, Math.max(0, colon)).trim();
  const [agent = '', ...model] = text
    .slice(colon + 1)
    .trim()
    .split('/');
  if (colon < 0 || phase === '' || agent.trim() === '') {
    throw new TaskError('InvalidInput', `"${text.trim()}" is no phase of a workflow.`, {
      next: [textStep('Write phases as NAME:AGENT, for example design:CLAUDECODE,review:GEMINI.')],
    });
  }
  return { phase, agent: agent.trim(), ...(model.length === 0 ? {} : { model: model.join('/').trim() }) };
}
