import { api } from '../api';
import { colourVariable, learn } from '../directory';
import { fill, h } from '../dom';
import { featureLabel, featureValue, sentence } from '../features';
import * as format from '../format';
import { live } from '../live';
import type { DistinguishingFeature, SegmentTransition, SegmentView } from '../types';
import { throttled, type View } from '../view';
import { asTable, customerLink, heading, pagedTable, panel, segmentLink, table, tile, tiles } from '../widgets';
import { flowPanel } from './flows';
import { effectBars } from './segmentCard';

const pageSize = 25;
const recentLimit = 8;

function figures(segment: SegmentView): HTMLElement {
  return tiles(
    tile('Customers', format.count(segment.size), `${format.share(segment.share)} of all`),
    tile('Value', format.money(segment.monetary), `${format.share(segment.monetaryShare)} of all`),
    tile('Value per customer', format.money(segment.size > 0 ? segment.monetary / segment.size : 0)),
    tile('Born in version', format.count(segment.bornInVersion)),
  );
}

function effectTable(items: DistinguishingFeature[]): HTMLElement {
  return table(
    'What sets the segment apart',
    [
      { title: 'Feature', cell: (item) => featureLabel(item.feature) },
      { title: 'Effect', numeric: true, cell: (item) => `${item.effect < 0 ? '−' : '+'}${format.deviations(item.effect)}` },
      { title: 'Typical here', numeric: true, cell: (item) => featureValue(item.feature, item.typical, item.unit) },
      { title: 'Everybody', numeric: true, cell: (item) => featureValue(item.feature, item.overall, item.unit) },
    ],
    items,
  );
}

/** Who came and went while the page is open. */
function arrivals(key: string, signal: AbortSignal, changed: () => void): HTMLElement {
  const list = h('ul', { class: 'feed' });
  const empty = h('p', { class: 'empty' }, 'Nobody yet since this page was opened.');
  live.on(
    'transition',
    (move: SegmentTransition) => {
      if (move.from !== key && move.to !== key) return;
      empty.hidden = true;
      list.prepend(
        h(
          'li',
          {},
          h('span', { class: 'muted' }, format.time(move.time)),
          ' ',
          customerLink(move.customerId),
          move.to === key ? ' came from ' : ' went to ',
          segmentLink(move.to === key ? move.from : move.to, move.to === key ? 'outside' : 'nowhere'),
        ),
      );
      while (list.children.length > recentLimit) list.lastElementChild?.remove();
      changed();
    },
    signal,
  );
  return panel('Coming and going', empty, list);
}

export const segmentView: View = async (root, key, signal) => {
  const all = await api.segments(signal);
  learn(all);
  const segment = all.segments.find((candidate) => candidate.key === key);
  if (!segment || key === null) {
    fill(
      root,
      heading('No such segment'),
      h(
        'p',
        {},
        `The active segmentation has no segment "${key ?? ''}". It may have ended with a re-clustering. `,
        h('a', { attrs: { href: '#/segments' } }, 'All segments'),
      ),
    );
    return;
  }

  const numbers = h('div', {}, figures(segment));
  const members = pagedTable({
    caption: 'Customers in this segment',
    empty: 'Nobody is in this segment now.',
    load: (cursor) => api.customers(key, cursor, pageSize, signal),
    columns: [
      { title: 'Customer', cell: (customer) => customerLink(customer.id) },
      { title: 'Probability', numeric: true, cell: (customer) => format.share(customer.probability) },
      { title: 'Value', numeric: true, cell: (customer) => format.money(customer.monetary) },
      { title: 'Orders', wide: true, numeric: true, cell: (customer) => format.count(customer.orders) },
      {
        title: 'Last seen',
        wide: true,
        cell: (customer) => h('span', { attrs: { title: format.when(customer.lastSeen) } }, format.ago(customer.lastSeen)),
      },
    ],
  });
  const flows = flowPanel(signal, key);
  const refresh = throttled(2_000, signal, () => {
    void api.segments(signal).then(
      (next) => {
        const now = next.segments.find((candidate) => candidate.key === key);
        if (now) fill(numbers, figures(now));
      },
      () => undefined,
    );
  });
  const title = heading(
    segment.name,
    h('span', { class: 'dot big', attrs: { 'aria-hidden': 'true' }, vars: { '--c': colourVariable(key) } }),
  );
  fill(
    root,
    h(
      'nav',
      { class: 'crumbs', attrs: { 'aria-label': 'Breadcrumb' } },
      h('a', { attrs: { href: '#/segments' } }, 'Segments'),
      ' / ',
      segment.name,
    ),
    title,
    h('p', { class: 'lead' }, segment.description),
    segment.advice ? h('p', { class: 'advice' }, h('strong', {}, 'Do: '), segment.advice) : null,
    numbers,
    panel(
      'What sets them apart',
      h('p', {}, sentence(segment.distinguishing)),
      effectBars(segment.distinguishing, colourVariable(key)),
      asTable(effectTable(segment.distinguishing)),
    ),
    h('div', { class: 'columns' }, flows.element, arrivals(key, signal, refresh)),
    panel('Customers', members.element),
  );
  await members.reload();
};
