import { render } from 'preact';
import { BoardPage } from './board-page.tsx';
import { channel, load, report } from './state.ts';

channel.on('changed', () => void load());
const root = document.querySelector('main');
if (root !== null) {
  channel.request('words', {}).then((words) => {
    render(<BoardPage words={words} />, root);
    return load();
  }, report);
}
