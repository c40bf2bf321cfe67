/** `read` changes no data; `write` changes the store; `run` may start agents and is refused in a restricted folder. */
export type Effect = 'read' | 'write' | 'run';

/** A set of tools: `agent` is for a task's own agent, `person` for an assistant that acts for a person. */
export type ToolSet = 'agent' | 'person';

/** The facts about an operation that a face needs before it loads the operation's code. */
export interface Declaration {
  /** One sentence, imperative, with a full stop. */
  readonly summary: string;
  /** The least effect that the operation has; `effectOf` gives its effect for one input. */
  readonly effect: Effect;
  /** True if it can lose work or data. Tasks are then named exactly. */
  readonly destructive: boolean;
  /** True if a second call with the same input has no further effect. */
  readonly idempotent: boolean;
  /** The sets that offer it; an operation in none is offered only where all of them are. */
  readonly toolSets: readonly ToolSet[];
}

type Sets = readonly ToolSet[];

const everyone: Sets = ['agent', 'person'];
const person: Sets = ['person'];

function reads(summary: string, toolSets: Sets = []): Declaration {
  return { summary, effect: 'read', destructive: false, idempotent: true, toolSets };
}

/** Adds something with each call. */
function adds(effect: Effect, summary: string, toolSets: Sets = []): Declaration {
  return { summary, effect, destructive: false, idempotent: false, toolSets };
}

/** Brings something into a state, in which a second call leaves it. */
function sets(effect: Effect, summary: string, toolSets: Sets = []): Declaration {
  return { summary, effect, destructive: false, idempotent: true, toolSets };
}

/** Ends or removes something. */
function destroys(effect: Effect, summary: string, toolSets: Sets = []): Declaration {
  return { summary, effect, destructive: true, idempotent: true, toolSets };
}

/** Every operation by its name: the words of the command line, joined by dots. In the order of the overview. */
export const declarations = {
  'task.create': adds('write', 'Create a task.', everyone),
  'task.list': reads('List tasks.', everyone),
  'task.show': reads('Show a task in full.', everyone),
  'task.start': sets('run', 'Start tasks.', person),
  'task.confirm': sets('write', 'Review tasks from outside, and confirm them so that they may run.'),
  inbox: reads('List everything that needs you: requests, questions, failures, results to review.', person),
  'task.logs': reads('Show the log of a task.', person),
  'task.approve': sets('run', 'Approve a request of a task.', person),
  'task.rule': reads('Show the rule that approving with --remember would write.'),
  'task.reject': sets('write', 'Reject a request of a task, or send its result back to the agent.', person),
  'task.answer': sets('run', 'Answer a question of a task.', person),
  'task.follow-up': adds('run', 'Send a prompt to the session of a task.', person),
  'task.pause': sets('write', 'Pause running tasks.'),
  'task.resume': sets('run', 'Resume paused tasks.'),
  'task.usage': reads('Show the spend of a task and its limits.', everyone),
  'task.diff': sets('run', 'Show the changes in the worktree of a task.', person),
  'task.merge': adds('run', 'Merge the changes of tasks into your branch.', person),
  'task.discard': destroys('run', 'Discard the changes of a task with its worktree and branch.'),
  worktrees: sets('run', 'List the worktrees of tasks and their disk use.'),
  'task.checkpoint': adds('run', 'Save the files of a task as a checkpoint.', everyone),
  'task.checkpoints': reads('List the checkpoints of a task.'),
  'task.restore': destroys('run', 'Restore the files of a task from a checkpoint.'),
  'task.cancel': destroys('write', 'Cancel tasks and stop their agents.', person),
  'task.complete': sets('write', 'Complete tasks and close their sessions.', person),
  'task.restart': adds('run', 'Run ended tasks again.'),
  'task.update': sets('write', 'Change the fields of a task.', everyone),
  'task.note': adds('write', 'Add a note to the log of a task.', person),
  'task.history': reads('Show the status changes of a task, and who made them.'),
  'task.clone': adds('write', 'Copy a task, with its subtasks if wanted.', person),
  'task.add-dependency': sets('write', 'Add dependencies to a task.'),
  'task.remove-dependency': sets('write', 'Remove a dependency of a task.'),
  'task.validate-dependencies': reads('Find dependency cycles and tasks that can never start.'),
  'task.graph': reads('Draw the dependency graph.'),
  'task.match': reads('Choose the best agent for a task, with the reasons.', person),
  'task.estimate': reads('Estimate tokens, cost and minutes of a task.', person),
  'task.analyze': reads('Analyze the time and spend of a task.'),
  'task.compare': reads('Compare tasks by duration, tokens or cost.'),
  'task.delete': destroys('write', 'Delete tasks and their logs.'),
  'task.archive': sets('write', 'Archive ended tasks.'),
  'task.unarchive': sets('write', 'Bring archived tasks back.'),
  'queue.play': sets('run', 'Play the queue: run every pending task in order.', person),
  'queue.pause': sets('write', 'Pause the queue: run only tasks that a person starts.', person),
  'queue.status': reads('Show running, next and waiting tasks.', person),
  'template.list': reads('List task templates.', person),
  'template.show': reads('Show a template and its fields.', person),
  'template.apply': adds('write', 'Create tasks from a template.', person),
  'template.new': adds('write', 'Write a new template file to edit.'),
  'template.from-task': adds('write', 'Write a template from a task and its parts.'),
  'task.split': adds('write', 'Split a task into parts.'),
  'task.merge-parts': adds('run', 'Combine the results of the parts of a task on one branch.'),
  'task.race': adds('run', 'Let several agents do the same task, and pick the best result.'),
  'task.race.show': sets('run', 'Compare the results of a race.'),
  'task.race.pick': destroys('run', 'Pick one result of a race and discard the others.'),
  'task.race.judge': adds('run', 'Let an agent judge the results of a race.'),
  'plan.apply': adds('write', 'Create all tasks of a plan, or none.', person),
  import: adds('write', 'Import tasks from another tool, and update them by importing again.', person),
  export: reads('Export tasks as JSON, Markdown, CSV or for another tool.', person),
  'plan.from-code': adds('run', 'Create tasks from TODO comments, hotspots, missing tests and other findings.'),
  'plan.dismiss': sets('write', 'Dismiss suggestions from code, or bring them back.'),
  'plan.from-spec': adds('write', 'Create the tasks of a specification.', person),
  'project.create': adds('write', 'Create a project: a group that holds tasks.', person),
  'project.list': reads('List projects and their progress.', person),
  'project.show': reads('Show a project and its tasks.', person),
  next: reads('Show the tasks to start next.', person),
  metrics: reads('Summarize task outcomes: duration, success rate, tokens, cost, bottlenecks.'),
  insights: reads('Suggest improvements from earlier tasks, with the evidence.', person),
  agents: reads('List the agents and which of them are installed.'),
  status: reads('Summarize the tasks, workers and storage of the folder.'),
  gc: destroys('write', 'List files to free on disk, and free them with --yes.'),
  doctor: sets('write', 'Check the store, and repair it with --fix.'),
} as const satisfies Readonly<Record<string, Declaration>>;

export type OperationName = keyof typeof declarations;
