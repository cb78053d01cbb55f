import { api } from '../api';
import { colour, colourVariable, learn } from '../directory';
import { announce, fill, h, setText } from '../dom';
import { featureLabel, sentence, comparison } from '../features';
import * as format from '../format';
import { live } from '../live';
import type { AudienceView, DistinguishingFeature, SegmentsView, SegmentView } from '../types';
import { throttled, type View } from '../view';
import { asTable, divergingBar, heading, panel, segmentLink, table, tile, tiles } from '../widgets';
import { flowPanel } from './flows';

const refreshMs = 2_000;
/** Bars of effects end here, in standard deviations. */
const effectLimit = 3;

export function effectBars(items: DistinguishingFeature[], colourOf: string): HTMLElement {
  return h('ul', { class: 'effects' }, items.map((item) => h('li', {},
    h('span', { class: 'name' }, featureLabel(item.feature)),
    divergingBar(item.effect / effectLimit, colourOf),
    h('span', { class: 'num' }, comparison(item)))));
}

interface Card {
  element: HTMLElement;
  update: (segment: SegmentView) => void;
}

function card(first: SegmentView): Card {
  const size = h('strong');
  const sharePart = h('span', { class: 'muted' });
  const value = h('strong');
  const valuePart = h('span', { class: 'muted' });
  const href = `#/segments/${encodeURIComponent(first.key)}`;
  const element = h('article', { class: 'card', vars: { '--c': colourVariable(first.key) } },
    h('h3', {}, h('a', { attrs: { href } }, first.name)),
    h('p', {}, first.description),
    h('dl', { class: 'pair' },
      h('div', {}, h('dt', {}, 'Customers'), h('dd', {}, size, sharePart)),
      h('div', {}, h('dt', {}, 'Value'), h('dd', {}, value, valuePart))),
    h('h4', {}, 'What sets them apart'),
    h('p', {}, sentence(first.distinguishing, 2)),
    effectBars(first.distinguishing.slice(0, 4), colourVariable(first.key)),
    first.advice ? h('p', { class: 'advice' }, h('strong', {}, 'Do: '), first.advice) : null);
  const update = (segment: SegmentView): void => {
    setText(size, format.count(segment.size));
    setText(sharePart, ` ${format.share(segment.share)} of all`);
    setText(value, format.money(segment.monetary));
    setText(valuePart, ` ${format.share(segment.monetaryShare)} of all`);
  };
  update(first);
  return { element, update };
}

/** Two stacked bars, one above the other: who there is, and who brings the value. */
async function drawShares(element: HTMLElement, current: () => SegmentsView, signal: AbortSignal): Promise<() => void> {
  const { draw, tooltip } = await import('../charts');
  if (signal.aborted) return () => undefined;
  return draw(element, signal, (ink, narrow) => ({
    // On a narrow screen the bars' names stand above them: each bar sits in the middle of a band of half the height.
    title: ['Customers', 'Value'].map((text, index) => ({
      text, show: narrow, left: 0, top: index === 0 ? 0 : '50%', padding: 0, textStyle: { color: ink.muted, fontSize: 12, fontWeight: 'normal' },
    })),
    grid: { left: narrow ? 0 : 84, right: 4, top: 4, bottom: 0 },
    tooltip: {
      ...tooltip(ink),
      formatter: (item: { seriesName: string; dataIndex: number; value: number }) =>
        `${item.seriesName}: ${format.share(item.value)} of ${item.dataIndex === 0 ? 'value' : 'customers'}`,
    },
    xAxis: { type: 'value', min: 0, max: 1, show: false },
    yAxis: {
      type: 'category', data: ['Value', 'Customers'], axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { show: !narrow, color: ink.muted, fontSize: 13 },
    },
    series: shares(current()).map(({ segment, value, customers }) => ({
      name: segment.name, type: 'bar', stack: 'all', barWidth: narrow ? 34 : 44,
      data: [value, customers],
      itemStyle: { color: colour(segment.key), borderColor: ink.surface, borderWidth: 2, borderRadius: 4 },
    })),
  })).redraw;
}

/** Parts of the whole; a segment whose refunds outweigh its orders has no part in the bar. */
function shares(view: SegmentsView): { segment: SegmentView; value: number; customers: number }[] {
  const customers = view.segments.reduce((sum, segment) => sum + segment.size, 0) || 1;
  const value = view.segments.reduce((sum, segment) => sum + Math.max(0, segment.monetary), 0) || 1;
  return view.segments.map((segment) => ({
    segment, customers: segment.size / customers, value: Math.max(0, segment.monetary) / value,
  }));
}

function headline(view: SegmentsView): string {
  const [first, second] = view.segments;
  if (!first || !second) return '';
  return `${first.name} and ${second.name} are ${format.share(first.share + second.share)} of customers and bring `
    + `${format.share(first.monetaryShare + second.monetaryShare)} of the value.`;
}

function overview(view: SegmentsView): HTMLElement {
  const total = view.segments.reduce((sum, segment) => sum + segment.monetary, 0);
  return tiles(
    tile('Customers', format.count(view.customers)),
    tile('Value', format.money(total), 'orders less refunds'),
    tile('Segments', format.count(view.segments.length), `version ${view.version}`),
    tile('Not assigned yet', format.count(view.unassigned)));
}

function noSegmentation(view: SegmentsView): HTMLElement {
  return view.customers === 0
    ? panel('No events yet', h('p', {}, 'Send some with an SDK that you already use, import a file, or let a simulated shop send them:'),
      h('pre', {}, h('code', {}, './run simulate --customers 10000 --rate 500')),
      h('p', {}, 'How to send one by hand is on the page ', h('a', { attrs: { href: '#/ingestion' } }, 'Ingestion'), '.'))
    : panel('No segmentation yet', h('p', {}, `${format.plural(view.customers, 'customer')} known, none of them in a segment.`),
      h('p', {}, h('a', { class: 'button primary', attrs: { href: '#/segmentations' } }, 'Cluster them now')));
}

function audiencePanel(audiences: AudienceView[]): HTMLElement | null {
  return audiences.length === 0 ? null : panel('Audiences', table('Audiences and their sizes', [
    { title: 'Audience', cell: (audience) => audience.name },
    { title: 'Members', numeric: true, cell: (audience) => format.count(audience.size) },
    { title: 'Rule', wide: true, cell: (audience) => h('code', {}, audience.rule) },
    { title: 'Changed', wide: true, cell: (audience) => format.ago(audience.changedAt) },
  ], audiences));
}

export const segmentsView: View = async (root, _argument, signal) => {
  let [view, audiences] = await Promise.all([api.segments(signal), api.audiences(signal)]);
  learn(view);
  const title = heading('Segments');
  if (view.segments.length === 0) {
    fill(root, title, view.customers > 0 ? overview(view) : null, noSegmentation(view), audiencePanel(audiences));
    waitForSegments(root, signal);
    return;
  }

  const summary = h('div', {}, overview(view));
  const chart = h('div', { class: 'chart', attrs: { role: 'img', 'aria-label': `Customers and value by segment. ${headline(view)}` }, vars: { '--height': '132px' } });
  const lead = h('p', { class: 'lead' }, headline(view));
  const figures = h('div', {}, shareTable(view));
  const grid = h('div', { class: 'cards' });
  let cards = new Map<string, Card>();
  const build = (): void => {
    cards = new Map(view.segments.map((segment) => [segment.key, card(segment)]));
    fill(grid, [...cards.values()].map((one) => one.element));
  };
  build();
  const flows = flowPanel(signal, null);
  fill(root, title, summary,
    panel('Size and value', lead, chart, legend(view), asTable(figures)),
    h('section', { attrs: { 'aria-label': 'Each segment' } }, grid),
    flows.element, audiencePanel(audiences));
  const redraw = await drawShares(chart, () => view, signal);

  const refresh = throttled(refreshMs, signal, () => {
    void api.segments(signal).then((next) => {
      const sameKeys = next.version === view.version && next.segments.length === cards.size
        && next.segments.every((segment) => cards.has(segment.key));
      view = next;
      learn(view);
      fill(summary, overview(view));
      fill(figures, shareTable(view));
      setText(lead, headline(view));
      if (sameKeys) for (const segment of view.segments) cards.get(segment.key)?.update(segment);
      else build();
      redraw();
    }, () => undefined);
  });
  let moved = 0;
  const say = throttled(10_000, signal, () => {
    announce(`${format.plural(moved, 'customer')} changed segment.`);
    moved = 0;
    flows.reload();
  });
  live.on('transition', () => { moved++; refresh(); say(); }, signal);
  live.on('segmentation', (change) => { if (change.status === 'active') refresh(); }, signal);
};

function legend(view: SegmentsView): HTMLElement {
  return h('p', { class: 'legend' }, view.segments.map((segment) => segmentLink(segment.key)));
}

function shareTable(view: SegmentsView): HTMLElement {
  return table('Customers and value by segment', [
    { title: 'Segment', cell: (segment) => segmentLink(segment.key) },
    { title: 'Customers', numeric: true, cell: (segment) => format.count(segment.size) },
    { title: 'Share', numeric: true, cell: (segment) => format.share(segment.share) },
    { title: 'Value', numeric: true, cell: (segment) => format.money(segment.monetary) },
    { title: 'Share', numeric: true, cell: (segment) => format.share(segment.monetaryShare) },
  ], view.segments);
}

/** Shows the segments as soon as there are some. */
function waitForSegments(root: HTMLElement, signal: AbortSignal): void {
  const again = throttled(refreshMs, signal, () => {
    void api.segments(signal).then((view) => {
      if (view.segments.length > 0) void segmentsView(root, null, signal);
    }, () => undefined);
  });
  live.on('transition', again, signal);
  live.on('segmentation', (change) => { if (change.status === 'active') again(); }, signal);
}
