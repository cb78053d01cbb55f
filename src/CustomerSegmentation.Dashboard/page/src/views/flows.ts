import type { CallbackDataParams } from 'echarts/types/dist/shared';
import { api } from '../api';
import { colour, segmentName } from '../directory';
import { fill, h } from '../dom';
import * as format from '../format';
import type { SegmentFlow } from '../types';
import { asTable, errorMessage, panel, segmentLink, table } from '../widgets';

// How people moved between segments: a sankey from where they were to where they are, with the same numbers as a table.

const before = 'First assignment';
const after = 'Left altogether';

/** Names by side: the same segment stands on both, so nodes carry the side in their id. */
function nodeId(side: 'from' | 'to', key: string | null): string {
  return `${side}:${key ?? ''}`;
}

export function flowLabel(flow: SegmentFlow): string {
  return `${segmentName(flow.from, before)} to ${segmentName(flow.to, after)}`;
}

export async function drawFlows(element: HTMLElement, flows: SegmentFlow[], signal: AbortSignal): Promise<void> {
  const { draw, tooltip } = await import('../charts');
  if (signal.aborted) return;
  const totals = new Map<string, { key: string | null; side: 'from' | 'to'; total: number }>();
  for (const flow of flows) {
    for (const [side, key] of [
      ['from', flow.from],
      ['to', flow.to],
    ] as const) {
      const id = nodeId(side, key);
      const known = totals.get(id) ?? { key, side, total: 0 };
      totals.set(id, { ...known, total: known.total + flow.customers });
    }
  }
  draw(element, signal, (ink, narrow) => ({
    tooltip: {
      ...tooltip(ink),
      formatter: (item: CallbackDataParams) => {
        const data = item.data as { flow?: SegmentFlow };
        return data.flow
          ? `${flowLabel(data.flow)}: ${format.plural(data.flow.customers, 'customer')}`
          : `${describe(totals.get(item.name))}`;
      },
    },
    series: [
      {
        type: 'sankey',
        left: 4,
        right: 4,
        top: 8,
        bottom: 8,
        nodeWidth: 12,
        nodeGap: 12,
        draggable: false,
        emphasis: { focus: 'adjacency' },
        lineStyle: { color: 'gradient', opacity: 0.35, curveness: 0.5 },
        data: [...totals].map(([id, node]) => ({
          name: id,
          itemStyle: { color: colour(node.key), borderWidth: 0 },
          label: {
            position: node.side === 'from' ? 'right' : 'left',
            color: ink.text,
            fontSize: narrow ? 11 : 13,
            width: narrow ? 145 : 220,
            overflow: 'truncate',
            textBorderColor: ink.surface,
            textBorderWidth: 3,
            formatter: () => `${segmentName(node.key, node.side === 'from' ? before : after)}  ${format.count(node.total)}`,
          },
        })),
        links: flows.map((flow) => ({
          source: nodeId('from', flow.from),
          target: nodeId('to', flow.to),
          value: flow.customers,
          flow,
        })),
      },
    ],
  }));
}

function describe(node: { key: string | null; side: 'from' | 'to'; total: number } | undefined): string {
  if (!node) return '';
  const people = format.plural(node.total, 'customer');
  return node.side === 'from' ? `${people} from ${segmentName(node.key, before)}` : `${people} to ${segmentName(node.key, after)}`;
}

export function flowTable(caption: string, flows: SegmentFlow[]): HTMLElement {
  return table(
    caption,
    [
      { title: 'From', cell: (flow) => segmentLink(flow.from, before) },
      { title: 'To', cell: (flow) => segmentLink(flow.to, after) },
      { title: 'Customers', numeric: true, cell: (flow) => format.count(flow.customers) },
    ],
    [...flows].sort((a, b) => b.customers - a.customers),
  );
}

const periods: [string, number][] = [
  ['Day', 1],
  ['Week', 7],
  ['Month', 30],
];

/** The panel with its choice of period; `only` keeps the flows of one segment. */
export function flowPanel(signal: AbortSignal, only: string | null): { element: HTMLElement; reload: () => void } {
  const content = h('div', {}, h('p', { class: 'loading' }, 'Loading …'));
  let days = 7;
  let chartLife = new AbortController();

  async function load(): Promise<void> {
    try {
      const since = new Date(Date.now() - days * 86_400_000);
      const all = await api.flows(since, signal);
      const flows = all.filter(
        (flow) => flow.customers > 0 && flow.from !== flow.to && (only === null || flow.from === only || flow.to === only),
      );
      if (signal.aborted) return;
      chartLife.abort();
      chartLife = new AbortController();
      signal.addEventListener('abort', () => chartLife.abort(), { once: true });
      if (flows.length === 0) {
        fill(
          content,
          h('p', { class: 'empty' }, 'Nobody moved in this time. Customers move when events or the passing of time change them.'),
        );
        return;
      }
      const open = content.querySelector('details')?.open ?? false;
      const label = summary(flows);
      const nodes = new Set(flows.flatMap((flow) => [`f${flow.from}`, `t${flow.to}`]));
      const chart = h('div', {
        class: 'chart',
        attrs: { role: 'img', 'aria-label': label },
        vars: { '--height': `${Math.max(220, nodes.size * 26)}px` },
      });
      const fallback = asTable(flowTable('Moves between segments', flows));
      fallback.toggleAttribute('open', open);
      fill(content, h('p', { class: 'muted' }, label), chart, fallback);
      await drawFlows(chart, flows, chartLife.signal);
    } catch (error) {
      if (!signal.aborted) fill(content, h('p', { class: 'error', attrs: { role: 'alert' } }, errorMessage(error)));
    }
  }

  const choice = h(
    'fieldset',
    { class: 'choice' },
    h('legend', { class: 'visually-hidden' }, 'Period'),
    periods.map(([name, length]) =>
      h(
        'label',
        {},
        h('input', {
          attrs: { type: 'radio', name: 'period', value: length, checked: length === days },
          on: {
            change: () => {
              days = length;
              void load();
            },
          },
        }),
        h('span', {}, name),
      ),
    ),
  );
  void load();
  return { element: panel('How people moved', choice, content), reload: () => void load() };
}

function summary(flows: SegmentFlow[]): string {
  const sum = (some: SegmentFlow[]): number => some.reduce((total, flow) => total + flow.customers, 0);
  const moves = flows.filter((flow) => flow.from !== null && flow.to !== null);
  const firsts = sum(flows.filter((flow) => flow.from === null));
  const parts = [`${format.plural(sum(moves), 'move')} between segments`];
  if (moves.length > 0) {
    const largest = moves.reduce((best, flow) => (flow.customers > best.customers ? flow : best));
    parts.push(`most from ${flowLabel(largest)} (${format.count(largest.customers)})`);
  }
  if (firsts > 0) parts.push(`${format.plural(firsts, 'customer')} assigned for the first time`);
  return parts.join('; ') + '.';
}
