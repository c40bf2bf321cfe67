import type { Plan } from '../core/plan/plan.ts';
import { renameLimits } from '../core/policy/limit-names.ts';
import { parseSpec } from '../formats/spec/parse.ts';
import { phasesOf } from '../formats/spec/phases.ts';
import type { ResourceLimits } from './resource-constraints.ts';

/** A task as `createTask` takes it. */
export interface SpecificationTask {
  readonly title: string;
  readonly description: string;
  /** Limits that the text names. */
  readonly constraints: ResourceLimits;
  /** Titles of the tasks that must be completed first. */
  readonly dependencies: readonly string[];
}

export interface SpecificationPhase {
  readonly title: string;
  readonly description: string;
  readonly tasks: readonly SpecificationTask[];
}

/** The phases and tasks of a specification. */
export interface ProjectPlan {
  readonly title: string;
  readonly phases: readonly SpecificationPhase[];
  /** The same as a plan, for the operation `plan.apply`. */
  readonly plan: Plan;
  /** Remarks about lines that were understood in part. */
  readonly notes: readonly { readonly line?: number | undefined; readonly message: string }[];
}

/**
 * Reads tasks from a specification by its structure, without a model: headings, lists, checkboxes, phases, user stories,
 * acceptance criteria, priorities, estimates and dependencies.
 */
export class SpecificationParser {
  /**
   * The phases of a specification with their tasks.
   *
   * @throws TaskError `InvalidInput` for a text without tasks, `TooLarge`
   * @example
   * const plan = new SpecificationParser().parseSpecification('- [ ] Add the login form\n- [ ] Test it');
   */
  parseSpecification(text: string): ProjectPlan {
    const spec = parseSpec(text);
    const phases = phasesOf(spec).map((phase) => ({
      ...phase,
      tasks: phase.tasks.map(({ constraints, ...task }) => ({
        ...task,
        constraints: renameLimits(constraints, 'constraint', 'library'),
      })),
    }));
    return { title: spec.title, phases, plan: spec.plan, notes: spec.notes };
  }
}
