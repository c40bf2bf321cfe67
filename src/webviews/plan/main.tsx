import { render } from 'preact';
import { PlanPage } from './plan-page.tsx';
import { channel, report } from './state.ts';

const root = document.querySelector('main');
if (root !== null) {
  channel.request('ready', {}).then((words) => render(<PlanPage words={words} />, root), report);
}
