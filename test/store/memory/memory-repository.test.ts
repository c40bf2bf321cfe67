import { MemoryRepository } from '../../../src/store/memory/memory-repository.ts';
import { repositoryContract } from '../../contract/repository.ts';

repositoryContract('memory', () => new MemoryRepository());
