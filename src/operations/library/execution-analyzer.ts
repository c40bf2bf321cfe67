import type { z } from 'zod';
import type { Bottleneck } from '../../core/metrics/bottlenecks.ts';
import type { Performance } from '../../core/metrics/performance.ts';
import type { OperationContext } from '../context.ts';
import { taskAnalyze } from '../metrics/analyze.ts';
import { metrics } from '../metrics/metrics.ts';
import { runOperation } from '../operation.ts';
import { projectNamed } from '../task/project-tasks.ts';

interface Choice {
  /** Its name. */
  readonly project?: string | undefined;
  /** Instead of the name: the id that `createProject` gave. */
  readonly projectId?: string | number | undefined;
  /** Default: `last_30_days`. */
  readonly dateRange?: string | undefined;
}

/** How the tasks of an open folder went, by the names of the specification. */
export class ExecutionAnalyzer {
  private readonly context: OperationContext;

  constructor(context: OperationContext) {
    this.context = context;
  }

  /**
   * Rates of the finished tasks, `null` where nothing is known. @throws TaskError `InvalidInput` for no range of dates
   */
  async analyzeTaskPerformance({ dateRange, ...choice }: Choice = {}): Promise<Performance> {
    const project = await this.projectOf(choice);
    return (await runOperation(metrics, this.context, { project, range: dateRange, archived: true })).performance;
  }

  /** All of them, the worst first. @throws TaskError `TaskNotFound` for a project without tasks */
  async findBottlenecks(choice: Omit<Choice, 'dateRange'> = {}): Promise<Bottleneck[]> {
    const project = await this.projectOf(choice);
    return (await runOperation(metrics, this.context, { project, limit: 100_000 })).bottlenecks;
  }

  /** @throws TaskError `TaskNotFound` or `AmbiguousTask` */
  analyzeTask(task: string | number): Promise<z.output<typeof taskAnalyze.output>> {
    return runOperation(taskAnalyze, this.context, { task });
  }

  private async projectOf({ project, projectId }: Omit<Choice, 'dateRange'>): Promise<string | undefined> {
    return projectId === undefined ? project : projectNamed(this.context.store, projectId);
  }
}
