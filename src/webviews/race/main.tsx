import { render } from 'preact';
import { RacePage } from './race-page.tsx';
import { channel, load, report } from './state.ts';

channel.on('changed', () => void load());
const root = document.querySelector('main');
if (root !== null) {
  channel.request('words', {}).then((words) => {
    render(<RacePage words={words} />, root);
    return load();
  }, report);
}
