import { api } from '../api';
import { learn } from '../directory';
import { announce, fill, h, setText } from '../dom';
import * as format from '../format';
import { live } from '../live';
import type { AudienceView, SegmentsView } from '../types';
import { throttled, type View } from '../view';
import { asTable, heading, panel, table, tile, tiles } from '../widgets';
import { flowPanel } from './flows';
import { segmentCard, type Card } from './segmentCard';
import { drawShares, headline, legend, shareTable } from './shares';

const refreshMs = 2_000;

function overview(view: SegmentsView): HTMLElement {
  const total = view.segments.reduce((sum, segment) => sum + segment.monetary, 0);
  return tiles(
    tile('Customers', format.count(view.customers)),
    tile('Value', format.money(total), 'orders less refunds'),
    tile('Segments', format.count(view.segments.length), `version ${view.version}`),
    tile('Not assigned yet', format.count(view.unassigned)),
  );
}

function noSegmentation(view: SegmentsView): HTMLElement {
  return view.customers === 0
    ? panel(
        'No events yet',
        h('p', {}, 'Send some with an SDK that you already use, import a file, or let a simulated shop send them:'),
        h('pre', {}, h('code', {}, './run simulate --customers 10000 --rate 500')),
        h('p', {}, 'How to send one by hand is on the page ', h('a', { attrs: { href: '#/ingestion' } }, 'Ingestion'), '.'),
      )
    : panel(
        'No segmentation yet',
        h('p', {}, `${format.plural(view.customers, 'customer')} known, none of them in a segment.`),
        h('p', {}, h('a', { class: 'button primary', attrs: { href: '#/segmentations' } }, 'Cluster them now')),
      );
}

function audiencePanel(audiences: AudienceView[]): HTMLElement | null {
  return audiences.length === 0
    ? null
    : panel(
        'Audiences',
        table(
          'Audiences and their sizes',
          [
            { title: 'Audience', cell: (audience) => audience.name },
            { title: 'Members', numeric: true, cell: (audience) => format.count(audience.size) },
            { title: 'Rule', wide: true, cell: (audience) => h('code', {}, JSON.stringify(audience.rule)) },
            { title: 'Changed', wide: true, cell: (audience) => format.ago(audience.changedAt) },
          ],
          audiences,
        ),
      );
}

export const segmentsView: View = async (root, _argument, signal) => {
  let [view, audiences] = await Promise.all([api.segments(signal), api.audiences(signal)]);
  learn(view);
  if (view.segments.length === 0) {
    waitForSegments(root, view, audiences, signal);
    return;
  }

  const summary = h('div', {}, overview(view));
  const chart = h('div', {
    class: 'chart',
    attrs: { role: 'img', 'aria-label': `Customers and value by segment. ${headline(view)}` },
    vars: { '--height': '132px' },
  });
  const lead = h('p', { class: 'lead' }, headline(view));
  const figures = h('div', {}, shareTable(view));
  const grid = h('div', { class: 'cards' });
  let cards = new Map<string, Card>();
  const build = (): void => {
    cards = new Map(view.segments.map((segment) => [segment.key, segmentCard(segment)]));
    fill(
      grid,
      [...cards.values()].map((one) => one.element),
    );
  };
  build();
  const flows = flowPanel(signal, null);
  fill(
    root,
    heading('Segments'),
    summary,
    panel('Size and value', lead, chart, legend(view), asTable(figures)),
    h('section', { attrs: { 'aria-label': 'Each segment' } }, grid),
    flows.element,
    audiencePanel(audiences),
  );
  const redraw = await drawShares(chart, () => view, signal);

  const refresh = throttled(refreshMs, signal, () => {
    void api.segments(signal).then(
      (next) => {
        const sameKeys =
          next.version === view.version && next.segments.length === cards.size && next.segments.every((segment) => cards.has(segment.key));
        view = next;
        learn(view);
        fill(summary, overview(view));
        fill(figures, shareTable(view));
        setText(lead, headline(view));
        if (sameKeys) for (const segment of view.segments) cards.get(segment.key)?.update(segment);
        else build();
        redraw();
      },
      () => undefined,
    );
  });
  let moved = 0;
  const say = throttled(10_000, signal, () => {
    announce(`${format.plural(moved, 'customer')} changed segment.`);
    moved = 0;
    flows.reload();
  });
  live.on(
    'transition',
    () => {
      moved++;
      refresh();
      say();
    },
    signal,
  );
  live.on(
    'segmentation',
    (change) => {
      if (change.status === 'active') refresh();
    },
    signal,
  );
};

/** Shows how many customers there are, and the segments as soon as there are some. */
function waitForSegments(root: HTMLElement, first: SegmentsView, audiences: AudienceView[], signal: AbortSignal): void {
  let shown = -1;
  const show = (view: SegmentsView): void => {
    if (view.customers === shown) return;
    shown = view.customers;
    fill(root, heading('Segments'), shown > 0 ? overview(view) : null, noSegmentation(view), audiencePanel(audiences));
  };
  show(first);

  const waiting = new AbortController();
  signal.addEventListener('abort', () => waiting.abort());
  const again = throttled(refreshMs, waiting.signal, () => {
    void api.segments(signal).then(
      (view) => {
        if (waiting.signal.aborted) return;
        if (view.segments.length === 0) {
          show(view);
          return;
        }
        waiting.abort();
        void segmentsView(root, null, signal);
      },
      () => undefined,
    );
  });
  live.on('transition', again, waiting.signal);
  live.on(
    'rates',
    (rates) => {
      if (rates.customers !== shown) again();
    },
    waiting.signal,
  );
  live.on(
    'segmentation',
    (change) => {
      if (change.status === 'active') again();
    },
    waiting.signal,
  );
}
