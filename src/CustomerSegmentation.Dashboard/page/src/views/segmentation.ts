import { api } from '../api';
import { activeVersion, ready, segmentName } from '../directory';
import { fill, h } from '../dom';
import { sentence } from '../features';
import * as format from '../format';
import { live } from '../live';
import type { SegmentationView, SegmentCountScore, SegmentLineage } from '../types';
import { throttled, type View } from '../view';
import { asTable, heading, panel, segmentLink, table, tile, tiles } from '../widgets';
import { drawFlows, flowTable } from './flows';
import { inProgress, progressPanel } from './recluster';
import { activateButton, statusBadge } from './segmentations';

// One version: how good it is, what became of the segments before it, who moves.

function lineageWords(item: SegmentLineage, names: Map<string, string>): string {
  const related = item.related.map((key) => names.get(key) ?? segmentName(key)).join(', ');
  const retained = item.retained === null ? '' : ` ${format.share(item.retained)} of its customers stayed.`;
  switch (item.change) {
    case 'kept':
      return `Lives on.${retained}`;
    case 'born':
      return related ? `New; most of its customers were in ${related}.` : 'New.';
    case 'split':
      return `Split from ${related}.${retained}`;
    case 'merged':
      return `Merged from ${related}.${retained}`;
    case 'ended':
      return related ? `Ended; most of its customers went to ${related}.` : 'Ended.';
  }
}

function lineage(view: SegmentationView): HTMLElement {
  const names = new Map(view.segments.map((segment) => [segment.key, segment.name]));
  return panel(
    'Lineage',
    view.lineage.length === 0
      ? h('p', { class: 'empty' }, view.previous === null ? 'The first version has no ancestors.' : 'Not worked out yet.')
      : h(
          'ul',
          { class: 'lineage' },
          view.lineage.map((item) =>
            h(
              'li',
              {},
              h('span', { class: 'badge', attrs: { 'data-change': item.change } }, item.change),
              segmentLink(item.key),
              h('span', { class: 'muted' }, lineageWords(item, names)),
            ),
          ),
        ),
  );
}

function candidateTable(candidates: SegmentCountScore[]): HTMLElement {
  return table(
    'Numbers of segments that were tried',
    [
      { title: 'Segments', cell: (item) => format.count(item.segmentCount) },
      { title: 'Silhouette', numeric: true, cell: (item) => format.score(item.silhouette) },
      { title: 'Stability', numeric: true, cell: (item) => `${format.score(item.stability)} ± ${format.score(item.stabilityDeviation)}` },
    ],
    candidates,
  );
}

async function drawCandidates(element: HTMLElement, candidates: SegmentCountScore[], signal: AbortSignal): Promise<void> {
  const { draw, tooltip } = await import('../charts');
  if (signal.aborted) return;
  draw(element, signal, (ink) => ({
    grid: { left: 36, right: 12, top: 30, bottom: 28 },
    legend: { top: 0, right: 0, textStyle: { color: ink.muted } },
    tooltip: { ...tooltip(ink), trigger: 'axis' },
    xAxis: {
      type: 'category',
      data: candidates.map((item) => String(item.segmentCount)),
      axisLabel: { color: ink.muted },
      axisLine: { lineStyle: { color: ink.line } },
    },
    yAxis: { type: 'value', min: 0, max: 1, axisLabel: { color: ink.muted }, splitLine: { lineStyle: { color: ink.line } } },
    series: [
      {
        name: 'Stability',
        type: 'line',
        symbolSize: 8,
        data: candidates.map((item) => item.stability),
        itemStyle: { color: ink.accent },
        lineStyle: { width: 2.5 },
      },
      {
        name: 'Silhouette',
        type: 'line',
        symbol: 'rect',
        symbolSize: 8,
        data: candidates.map((item) => item.silhouette),
        itemStyle: { color: ink.warn },
        lineStyle: { width: 2.5, type: 'dashed' },
      },
    ],
  }));
}

function figures(view: SegmentationView): HTMLElement {
  const metrics = view.metrics;
  return tiles(
    tile('Customers', format.count(view.customers), view.referenceTime ? `as of ${format.date(view.referenceTime)}` : null),
    tile('Segments', metrics ? format.count(metrics.segmentCount) : '–'),
    tile('Silhouette', metrics ? format.score(metrics.silhouette) : '–', 'how well apart, −1 to 1'),
    tile('Stability', metrics ? format.score(metrics.stability) : '–', 'same on resamples, up to 1'),
    tile('Took', format.duration(view.startedAt, view.finishedAt), `asked for by ${view.requestedBy || 'unknown'}`),
  );
}

export const segmentationView: View = async (root, argument, signal) => {
  await ready();
  const version = Number(argument);
  const view = Number.isInteger(version) && version > 0 ? await api.segmentation(version, signal) : null;
  const crumbs = h(
    'nav',
    { class: 'crumbs', attrs: { 'aria-label': 'Breadcrumb' } },
    h('a', { attrs: { href: '#/segmentations' } }, 'Segmentations'),
    ` / ${argument ?? ''}`,
  );
  if (!view) {
    fill(root, crumbs, heading('No such version'), h('p', {}, `There is no segmentation ${argument ?? ''}.`));
    return;
  }

  let life = new AbortController();
  signal.addEventListener('abort', () => life.abort());
  const again = throttled(500, signal, () => {
    life.abort();
    void segmentationView(root, argument, signal);
  });
  const progress = progressPanel(again);
  progress.update(view);
  const moves = view.moves.filter((move) => move.from !== move.to && move.customers > 0);
  const moving = moves.reduce((sum, move) => sum + move.customers, 0);
  const sankey = h('div', {
    class: 'chart',
    attrs: { role: 'img', 'aria-label': `${format.plural(moving, 'move')} on activation` },
    vars: { '--height': '360px' },
  });
  const candidates = view.metrics?.candidates ?? [];
  const curve = h('div', {
    class: 'chart',
    attrs: { role: 'img', 'aria-label': 'Stability and silhouette by number of segments' },
    vars: { '--height': '220px' },
  });
  fill(
    root,
    crumbs,
    heading(`Segmentation ${view.version}`, statusBadge(view), activateButton(view, activeVersion() || null, again)),
    view.error ? h('p', { class: 'error' }, `It failed: ${view.error}`) : null,
    progress.element,
    figures(view),
    panel(
      'Segments when fitted',
      view.segments.length === 0
        ? h('p', { class: 'empty' }, inProgress(view) ? 'Not fitted yet.' : 'None.')
        : table(
            'Segments when fitted',
            [
              { title: 'Segment', cell: (segment) => segmentLink(segment.key) },
              { title: 'Customers', numeric: true, cell: (segment) => format.count(segment.size) },
              { title: 'Share', wide: true, numeric: true, cell: (segment) => format.share(segment.share) },
              { title: 'Value share', numeric: true, cell: (segment) => format.share(segment.monetaryShare) },
              { title: 'What sets it apart', wide: true, cell: (segment) => sentence(segment.distinguishing, 2) },
            ],
            view.segments,
          ),
    ),
    h(
      'div',
      { class: 'columns' },
      lineage(view),
      panel(
        'Number of segments',
        candidates.length === 0 ? h('p', { class: 'empty' }, 'The number was fixed.') : [curve, asTable(candidateTable(candidates))],
      ),
    ),
    panel(
      'Who moves on activation',
      moves.length === 0
        ? h('p', { class: 'empty' }, view.previous === null ? 'Everybody is assigned for the first time.' : 'Nobody.')
        : [
            h(
              'p',
              { class: 'muted' },
              view.previous === null
                ? `${format.plural(moving, 'customer')}, all for the first time.`
                : `${format.plural(moving, 'customer')} against version ${view.previous}.`,
            ),
            sankey,
            asTable(flowTable('Moves on activation', moves)),
          ],
    ),
  );
  live.on(
    'segmentation',
    (change) => {
      if (change.version !== version) return;
      progress.update(change);
      if (!inProgress(change)) again();
    },
    life.signal,
  );
  if (moves.length > 0) await drawFlows(sankey, moves, life.signal);
  if (candidates.length > 0) await drawCandidates(curve, candidates, life.signal);
};
