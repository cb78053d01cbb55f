import { colour } from '../directory';
import { h } from '../dom';
import * as format from '../format';
import type { SegmentsView, SegmentView } from '../types';
import { segmentLink, table } from '../widgets';

/** Two stacked bars, one above the other: who there is, and who brings the value. */
export async function drawShares(element: HTMLElement, current: () => SegmentsView, signal: AbortSignal): Promise<() => void> {
  const { draw, tooltip } = await import('../charts');
  if (signal.aborted) return () => undefined;
  return draw(element, signal, (ink, narrow) => ({
    // On a narrow screen the bars' names stand above them: each bar sits in the middle of a band of half the height.
    title: ['Customers', 'Value'].map((text, index) => ({
      text,
      show: narrow,
      left: 0,
      top: index === 0 ? 0 : '50%',
      padding: [2, 0, 0, 0],
      textStyle: { color: ink.muted, fontSize: 12, fontWeight: 'normal' },
    })),
    grid: { left: narrow ? 0 : 84, right: 4, top: 4, bottom: 0 },
    tooltip: {
      ...tooltip(ink),
      formatter: (item: { seriesName: string; dataIndex: number; value: number }) =>
        `${item.seriesName}: ${format.share(item.value)} of ${item.dataIndex === 0 ? 'value' : 'customers'}`,
    },
    xAxis: { type: 'value', min: 0, max: 1, show: false },
    yAxis: {
      type: 'category',
      data: ['Value', 'Customers'],
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { show: !narrow, color: ink.muted, fontSize: 13 },
    },
    series: shares(current()).map(({ segment, value, customers }) => ({
      name: segment.name,
      type: 'bar',
      stack: 'all',
      barWidth: narrow ? 34 : 44,
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
    segment,
    customers: segment.size / customers,
    value: Math.max(0, segment.monetary) / value,
  }));
}

/** The finding in one sentence. */
export function headline(view: SegmentsView): string {
  const [first, second] = view.segments;
  if (!first || !second) return '';
  return (
    `${first.name} and ${second.name} are ${format.share(first.share + second.share)} of customers and bring ` +
    `${format.share(first.monetaryShare + second.monetaryShare)} of the value.`
  );
}

export function legend(view: SegmentsView): HTMLElement {
  return h(
    'p',
    { class: 'legend' },
    view.segments.map((segment) => segmentLink(segment.key)),
  );
}

export function shareTable(view: SegmentsView): HTMLElement {
  return table(
    'Customers and value by segment',
    [
      { title: 'Segment', cell: (segment) => segmentLink(segment.key) },
      { title: 'Customers', numeric: true, cell: (segment) => format.count(segment.size) },
      { title: 'Share', numeric: true, cell: (segment) => format.share(segment.share) },
      { title: 'Value', numeric: true, cell: (segment) => format.money(segment.monetary) },
      { title: 'Share', numeric: true, cell: (segment) => format.share(segment.monetaryShare) },
    ],
    view.segments,
  );
}
