import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SpecificationParser, TaskManager } from '../../src/index.ts';
import { bench } from '../operations/context.ts';

describe('the specification parser of the specification', () => {
  it('creates a project with phases and tasks from a text (F193, F194)', async (context) => {
    const spec = `
Create a REST API for a blog platform with the following features:
- User authentication and authorization
- CRUD operations for blog posts
- Comment system with moderation
- Tag-based categorization
- Search functionality
- Rate limiting and security features
`;

    const parser = new SpecificationParser();
    const projectPlan = parser.parseSpecification(spec);

    const tm = new TaskManager(await bench(context));
    const project = await tm.createProject('Blog API', { description: spec });

    for (const phase of projectPlan.phases) {
      const phaseTask = await tm.createTask({
        projectId: project.id,
        title: phase.title,
        description: phase.description,
      });

      for (const taskSpec of phase.tasks) {
        await tm.createTask({
          projectId: project.id,
          parentTaskId: phaseTask.id,
          title: taskSpec.title,
          description: taskSpec.description,
          resourceConstraints: taskSpec.constraints,
        });
      }
    }

    const phases = projectPlan.phases.map(({ title, tasks }) => [title, tasks.map((task) => task.title)]);
    assert.deepEqual(phases, [
      ['Foundation', ['User authentication and authorization', 'CRUD operations for blog posts']],
      ['Features', ['Comment system with moderation', 'Tag-based categorization', 'Search functionality']],
      ['Hardening', ['Rate limiting and security features']],
    ]);
    assert.deepEqual(projectPlan.phases[2]?.tasks[0]?.dependencies, [
      'Comment system with moderation',
      'Tag-based categorization',
      'Search functionality',
    ]);
    assert.equal((await tm.listTasks({ projectId: project.id })).length, 9);
  });

  it('gives limits by the names that createTask takes, and tasks outside of phases a phase', () => {
    const { phases, title } = new SpecificationParser().parseSpecification(
      '# Shop\n- [ ] Build (max $2)\n- [ ] Test (max 30 minutes)\n\n## Phase 1: Ship\n- [ ] Ship (max 5k tokens)',
    );
    assert.equal(title, 'Shop');
    assert.deepEqual(
      phases.map(({ title: name, tasks }) => [name, tasks.map(({ constraints }) => constraints)]),
      [
        ['Shop', [{ maxCostUsd: 2 }, { maxDurationMinutes: 30 }]],
        ['Phase 1: Ship', [{ maxTokens: 5_000 }]],
      ],
    );
  });
});
