/** A process that creates tasks in a database until it is killed, and prints a line for each. */
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../../../src/store/task-store.ts';

const [url = ''] = process.argv.slice(2);
const store = await TaskStore.open({ folder: process.cwd(), repository: new PostgresRepository({ url }) });
for (;;) {
  const { number } = await store.createTask({ title: 'created' });
  console.log(number);
}
