import { claudeCode } from './agents/claude-code.ts';
import { realAgentSuite } from './suite.ts';

await realAgentSuite(claudeCode);
