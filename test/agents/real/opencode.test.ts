import { opencode } from './agents/opencode.ts';
import { realAgentSuite } from './suite.ts';

await realAgentSuite(opencode);
