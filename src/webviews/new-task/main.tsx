import { render } from 'preact';
import { NewTaskPage } from './new-task-page.tsx';
import { channel, report } from './state.ts';

const root = document.querySelector('main');
if (root !== null) {
  channel.request('ready', {}).then((words) => render(<NewTaskPage words={words} />, root), report);
}
