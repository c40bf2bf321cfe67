import {
  type CodeSuggestion,
  estimatedConstraints,
  priorityLevel,
  type SuggestionKind,
} from '../core/analysis/suggestion.ts';
import { renameLimits } from '../core/policy/limit-names.ts';
import type { StepOptions } from '../core/steps.ts';
import { analyzeFolder } from '../runtime/analysis/analyze.ts';
import type { ResourceLimits } from './resource-constraints.ts';

/** A task that the state of the code suggests. */
export class SuggestedTask {
  /** 0 to 1: confidence that the task is worth doing. */
  readonly priority: number;
  readonly kind: CodeSuggestion['kind'];
  readonly title: string;
  readonly description: string;
  /** Paths relative to the analysed folder. */
  readonly files: readonly string[];
  readonly estimatedConstraints: ResourceLimits;

  constructor({ score, kind, title, description, files, lines }: CodeSuggestion) {
    this.priority = score;
    this.kind = kind;
    this.title = title;
    this.description = description;
    this.files = files;
    this.estimatedConstraints = renameLimits(estimatedConstraints(lines), 'constraint', 'library');
  }

  /** The priority of the task in words. */
  getPriorityLevel(): 'critical' | 'high' | 'medium' | 'low' {
    return priorityLevel(this.priority);
  }
}

/** Suggests tasks from the state of a codebase. It reads files and git, and starts no agent. */
export class CodeAnalyzer {
  /**
   * Suggestions for a folder in a git repository, the best first.
   *
   * @throws TaskError `GitFailed` outside of a repository; the reason of the signal
   * @example
   * const { tasks } = await new CodeAnalyzer().analyzeCodebase('./src');
   */
  async analyzeCodebase(
    path: string,
    options: StepOptions & { readonly kinds?: readonly SuggestionKind[] } = {},
  ): Promise<{ readonly tasks: readonly SuggestedTask[] }> {
    return { tasks: (await analyzeFolder(path, options)).map((suggestion) => new SuggestedTask(suggestion)) };
  }
}
