import '../../src/core/task/agents.ts';

// Tests configure agents of their own under many names.
declare module '../../src/core/task/agents.ts' {
  interface Agents {
    [name: string]: true;
  }
}
