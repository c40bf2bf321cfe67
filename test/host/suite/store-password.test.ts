import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { command, replaceWindow, store } from './person.ts';
import { eventually, test } from './runner.ts';

const PASSWORD = 's3cret-of-ada';

/** A server that asks each client for its password in plain text, notes it, and refuses it. */
async function askingServer(): Promise<{ server: Server; port: number; passwords: string[] }> {
  const passwords: string[] = [];
  const server = createServer((socket) => {
    let greeted = false;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (!greeted) {
        greeted = true;
        socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      } else {
        // A byte for the kind, four for the length, and a zero at the end.
        passwords.push(data.subarray(5, -1).toString());
        socket.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0, passwords };
}

test('the password of a store comes from the secret storage until it is cleared', async () => {
  await store();
  const { server, port, passwords } = await askingServer();
  const asked = replaceWindow('showInputBox', async () => PASSWORD);
  const { SYSTEMPROMPT_STORE: before } = process.env;
  process.env.SYSTEMPROMPT_STORE = `postgres://ada@127.0.0.1:${port}/tasks`;
  try {
    await command('systemprompt.store.setPassword');
    await eventually(() => assert.ok(passwords.includes(PASSWORD)));
    const [[options] = []] = asked.calls;
    assert.equal((options as { password: boolean }).password, true);
    assert.match((options as { prompt: string }).prompt, new RegExp(`postgres://ada@127.0.0.1:${port}/tasks`));
    passwords.length = 0;
    await command('systemprompt.store.clearPassword');
    assert.ok(!passwords.includes(PASSWORD));
  } finally {
    asked.restore();
    if (before === undefined) delete process.env.SYSTEMPROMPT_STORE;
    else process.env.SYSTEMPROMPT_STORE = before;
    server.close();
    await command('systemprompt.tasks.refresh');
  }
  await eventually(async () => assert.ok((await store()).view.size >= 0));
});

test('a window whose tasks are in files needs no password', async () => {
  await store();
  const told = replaceWindow('showInformationMessage', async () => undefined);
  try {
    await command('systemprompt.store.setPassword');
    assert.match(String(told.calls[0]?.[0]), /are in files/);
  } finally {
    told.restore();
  }
});
