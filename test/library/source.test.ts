import { usageExamples } from './usage-examples.ts';

usageExamples('the library as it is written', () => import('../../src/index.ts'));
