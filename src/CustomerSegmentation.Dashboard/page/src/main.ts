import { adminKey, KeyNeeded } from './api';
import { byId, fill, h, setText } from './dom';
import * as format from './format';
import { live, type LiveState } from './live';
import { startTheme } from './theme';
import type { View } from './view';
import { errorMessage, heading } from './widgets';
import { customerView } from './views/customer';
import { customersView } from './views/customers';
import { ingestionView } from './views/ingestion';
import { showKeyForm } from './views/key';
import { segmentationView } from './views/segmentation';
import { segmentationsView } from './views/segmentations';
import { segmentsView } from './views/segments';
import { segmentView } from './views/segment';

// The page's start: the key, the theme, the live stream, and which view stands for which address.

const routes: Record<string, { list: View; one: View; title: string }> = {
  segments: { list: segmentsView, one: segmentView, title: 'Segments' },
  customers: { list: customersView, one: customerView, title: 'Customers' },
  segmentations: { list: segmentationsView, one: segmentationView, title: 'Segmentations' },
  ingestion: { list: ingestionView, one: ingestionView, title: 'Ingestion' },
};

const main = byId('main');
let life = new AbortController();
let firstRoute = true;

/** Takes a key from the address (`#key=…`) and removes it from there, so that it is not shown, shared or kept in the history. */
function takeKeyFromAddress(): void {
  const key = /^#key=(.+)$/.exec(location.hash)?.[1];
  if (key === undefined) return;
  adminKey.set(safeDecode(key));
  history.replaceState(null, '', location.pathname + location.search);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parse(): { name: string; argument: string | null } {
  const [name = '', argument] = location.hash.replace(/^#\/?/, '').split('/');
  return { name: name in routes ? name : 'segments', argument: argument ? safeDecode(argument) : null };
}

function markCurrent(name: string): void {
  for (const link of document.querySelectorAll('header nav a')) {
    if (link.getAttribute('href') === `#/${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

async function show(): Promise<void> {
  takeKeyFromAddress();
  life.abort();
  life = new AbortController();
  const { signal } = life;
  const { name, argument } = parse();
  const route = routes[name]!;
  markCurrent(name);
  document.title = `${argument ?? route.title} – Customer Segmentation`;
  // A route builds itself in an element of its own: one that is late cannot write into its successor.
  const root = h('div', { class: 'route', attrs: { 'data-route': name } }, h('p', { class: 'loading' }, 'Loading …'));
  fill(main, root);
  main.setAttribute('aria-busy', 'true');
  window.scrollTo(0, 0);
  try {
    await (argument === null ? route.list : route.one)(root, argument, signal);
    if (live.state === 'locked') live.start();
  } catch (error) {
    if (!signal.aborted) showFailure(root, error);
  }
  if (signal.aborted) return;
  main.removeAttribute('aria-busy');
  if (!firstRoute && !root.contains(document.activeElement)) root.querySelector('h1')?.focus({ preventScroll: true });
  firstRoute = false;
}

function showFailure(root: HTMLElement, error: unknown): void {
  if (error instanceof KeyNeeded) {
    showKeyForm(root, adminKey.get() !== null, () => {
      live.start();
      void show();
    });
    return;
  }
  fill(
    root,
    heading('That did not work'),
    h('p', { class: 'error', attrs: { role: 'alert' } }, errorMessage(error)),
    h('p', {}, h('button', { class: 'primary', attrs: { type: 'button' }, on: { click: () => void show() } }, 'Try again')),
  );
}

const stateLabels: Record<LiveState, string> = { connecting: 'Connecting', live: 'Live', retrying: 'Reconnecting', locked: 'Key needed' };

function showPulse(): void {
  const pulse = byId('pulse');
  const latest = live.history[live.history.length - 1];
  pulse.dataset.state = live.state;
  setText(pulse, live.state === 'live' && latest ? `Live · ${format.rate(latest.eventsPerSecond)}/s` : stateLabels[live.state]);
}

takeKeyFromAddress();
startTheme(byId('theme'));
live.on('state', showPulse);
live.on('rates', showPulse);
live.start();
window.addEventListener('hashchange', () => void show());
// The skip link must not be taken for a route.
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
void show();
