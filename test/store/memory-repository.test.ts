import { repositoryContract } from '../contract/repository.ts';
import { MemoryRepository } from '../fakes/store/memory-repository.ts';

repositoryContract('memory (a fake for tests)', () => new MemoryRepository());
