import { render } from 'preact';
import { channel, report } from './state.ts';
import { TaskPage } from './task-page.tsx';

const root = document.querySelector('main');
if (root !== null) {
  channel.request('ready', {}).then((words) => render(<TaskPage words={words} />, root), report);
}
