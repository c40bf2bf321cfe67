import type { z } from 'zod';
import type { Bottleneck } from '../core/metrics/bottlenecks.ts';
import type { Performance } from '../core/metrics/performance.ts';
import { metrics } from './metrics.ts';
import { type OperationContext, runOperation } from './operation.ts';
import { taskAnalyze } from './task-analyze.ts';

interface Choice {
  readonly project?: string | undefined;
  /** `last_30_days` if nothing is said. */
  readonly dateRange?: string | undefined;
}

/** How the tasks of an open folder went, by the names of the specification. */
export class ExecutionAnalyzer {
  private readonly context: OperationContext;

  constructor(context: OperationContext) {
    this.context = context;
  }

  /** Rates of the finished tasks, `null` where nothing is known. @throws TaskError `InvalidInput` for no range of dates */
  async analyzeTaskPerformance({ project, dateRange }: Choice = {}): Promise<Performance> {
    return (await runOperation(metrics, this.context, { project, range: dateRange, archived: true })).performance;
  }

  /** The worst first. */
  async findBottlenecks({ project }: Pick<Choice, 'project'> = {}): Promise<Bottleneck[]> {
    return (await runOperation(metrics, this.context, { project })).bottlenecks;
  }

  /** @throws TaskError `TaskNotFound` or `AmbiguousTask` */
  analyzeTask(task: string | number): Promise<z.output<typeof taskAnalyze.output>> {
    return runOperation(taskAnalyze, this.context, { task });
  }
}
