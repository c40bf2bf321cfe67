import { render } from 'preact';
import { ApprovalsPage } from './approvals-page.tsx';
import { channel, clock, report, words } from './state.ts';

const AGING_MS = 30_000;

setInterval(() => {
  clock.value = Date.now();
}, AGING_MS);

const root = document.querySelector('main');
if (root !== null) {
  channel.request('ready', {}).then((texts) => {
    words.value = texts;
    render(<ApprovalsPage words={texts} />, root);
  }, report);
}
