import { render } from 'preact';
import { GraphPage } from './graph-page.tsx';
import { channel, load, report, setFilter } from './state.ts';

channel.on('changed', () => void load());
channel.on('scope', setFilter);
const root = document.querySelector('main');
if (root !== null) {
  channel.request('words', {}).then((words) => {
    render(<GraphPage words={words} />, root);
    return load();
  }, report);
}
