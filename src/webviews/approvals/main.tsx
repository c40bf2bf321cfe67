import { render } from 'preact';
import { fill } from '../kit/format.ts';
import { ApprovalsPage } from './approvals-page.tsx';
import { cards, channel, clock, forgetAllBut, more, news, report, trusted, words } from './state.ts';

const AGING_MS = 30_000;

channel.on('cards', (data) => {
  forgetAllBut(new Set(data.cards.map(({ key }) => key)));
  const added = data.cards.length > cards.peek().length;
  cards.value = data.cards;
  more.value = data.more;
  trusted.value = data.trusted;
  if (added && words.peek() !== undefined) {
    news.value = fill(words.peek()?.waiting ?? '', data.cards.length + data.more);
  }
});
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
