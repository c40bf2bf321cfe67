import { codex } from './agents/codex.ts';
import { realAgentSuite } from './suite.ts';

await realAgentSuite(codex);
