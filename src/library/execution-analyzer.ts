import type { z } from 'zod';
import type { Insight } from '../core/insights/insight.ts';
import type { Bottleneck } from '../core/metrics/bottlenecks.ts';
import type { Performance } from '../core/metrics/performance.ts';
import { insights } from '../operations/insights/insights.ts';
import { taskAnalyze } from '../operations/metrics/analyze.ts';
import { metrics } from '../operations/metrics/metrics.ts';
import { runOperation } from '../operations/operation.ts';
import { projectNamed } from '../operations/task/project-tasks.ts';
import { WithContext } from './context-source.ts';

interface Choice {
  /** Its name. */
  readonly project?: string | undefined;
  /** Instead of the name: the id that `createProject` gave. */
  readonly projectId?: string | number | undefined;
  /** Default: `last_30_days`. */
  readonly dateRange?: string | undefined;
}

/** Outcomes and bottlenecks of tasks by the names of the specification. */
export class ExecutionAnalyzer extends WithContext {
  /**
   * Rates of the finished tasks; unknown values are `null`.
   *
   * @throws TaskError `InvalidInput` for a wrong date range
   */
  async analyzeTaskPerformance({ dateRange, ...choice }: Choice = {}): Promise<Performance> {
    const project = await this.projectOf(choice);
    return (await runOperation(metrics, await this.context(), { project, range: dateRange, archived: true }))
      .performance;
  }

  /**
   * All bottlenecks, the worst first.
   *
   * @throws TaskError `TaskNotFound` for a project without tasks
   */
  async findBottlenecks(choice: Omit<Choice, 'dateRange'> = {}): Promise<Bottleneck[]> {
    const project = await this.projectOf(choice);
    return (await runOperation(metrics, await this.context(), { project, limit: 100_000 })).bottlenecks;
  }

  /**
   * Times, usage, tools and runs of a task.
   *
   * @throws TaskError `TaskNotFound` or `AmbiguousTask`
   */
  async analyzeTask(task: string | number): Promise<z.output<typeof taskAnalyze.output>> {
    return runOperation(taskAnalyze, await this.context(), { task });
  }

  /**
   * Suggestions from earlier tasks, each with its evidence and one action. Empty without enough cases.
   *
   * @throws TaskError `TaskNotFound` for a project without tasks
   * @example
   * for (const { message, evidence } of await new ExecutionAnalyzer().insights()) {
   *   console.log(message, evidence.tasks);
   * }
   */
  async insights(choice: Omit<Choice, 'dateRange'> = {}): Promise<Insight[]> {
    const project = await this.projectOf(choice);
    return (await runOperation(insights, await this.context(), { project })).insights;
  }

  private async projectOf({ project, projectId }: Omit<Choice, 'dateRange'>): Promise<string | undefined> {
    return projectId === undefined ? project : projectNamed((await this.context()).store, projectId);
  }
}
