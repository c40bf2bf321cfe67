import { MemoryCoordination } from '../../../src/store/memory/memory-coordination.ts';
import { coordinationContract } from '../../contract/coordination.ts';

coordinationContract('memory', () => new MemoryCoordination('/nowhere'));
