import { gemini } from './agents/gemini.ts';
import { realAgentSuite } from './suite.ts';

await realAgentSuite(gemini);
