import { api, address } from '../api';
import { fill, h, setText } from '../dom';
import * as format from '../format';
import { live } from '../live';
import type { LiveRates, ModelsView } from '../types';
import { throttled, type View } from '../view';
import { asTable, customerLink, heading, pagedTable, panel, table, tile, tiles } from '../widgets';

const pageSize = 25;
const windowMs = 300_000;
const tableRows = 10;
const modelEveryMs = 5_000;

function howTo(): HTMLElement {
  const event =
    '{"userId":"ada","event":"Order Completed","properties":{"order_id":"1001","total":49.9,"products":[{"product_id":"p1","name":"Teapot","category":"Kitchen","price":49.9}]}}';
  return h(
    'details',
    { class: 'how-to' },
    h('summary', {}, 'How to send events'),
    h(
      'p',
      {},
      'With the SDK that you already use: point its data plane at this address. Or by hand, with the write key that the service showed at its first start:',
    ),
    h('pre', { attrs: { tabindex: 0 } }, h('code', {}, `curl -u WRITE_KEY: ${address('v1/track').href} -d '${event}'`)),
    h('p', {}, 'Or let a simulated shop send some:'),
    h('pre', { attrs: { tabindex: 0 } }, h('code', {}, './run simulate --customers 10000 --rate 500')),
  );
}

function pulse(): { element: HTMLElement; update: (rates: LiveRates) => void } {
  const names = ['Events a second', 'Rejections a second', 'Moves a second', 'Customers', 'In memory'];
  const all = names.map((name) => tile(name, '–', '\u00a0'));
  const values = all.map((one) => one.querySelector('strong') ?? one);
  const notes = all.map((one) => one.querySelector('.muted') ?? one);
  return {
    element: tiles(...all),
    update: (rates) => {
      [
        format.rate(rates.eventsPerSecond),
        format.rate(rates.rejectionsPerSecond),
        format.rate(rates.transitionsPerSecond),
        format.count(rates.customers),
        format.count(rates.activeCustomers),
      ].forEach((text, index) => setText(values[index]!, text));
      setText(notes[0]!, `${format.count(rates.events)} since the start`);
      setText(notes[1]!, `${format.count(rates.rejections)} since the start`);
    },
  };
}

/** Which sequence model reads the events, and how far it is. */
function modelText(models: ModelsView): string {
  const active = models.items.find((model) => model.state === 'active');
  const { encoding } = models;
  if (!active || !encoding) return `No sequence model: segments come from features alone${models.lacking ? ` (${models.lacking})` : ''}.`;
  const progress = encoding.paused
    ? `paused: ${encoding.paused}`
    : encoding.sweeping
      ? `reading everybody: ${format.count(encoding.looked)} of ${format.count(encoding.customers)} customers`
      : 'everybody is read';
  const waiting = encoding.waiting > 0 ? `, ${format.count(encoding.waiting)} waiting` : '';
  return `Sequence model ${active.id} · ${progress}${waiting} · ${format.rate(encoding.readingsPerSecond)} readings/s`;
}

async function drawRates(element: HTMLElement, signal: AbortSignal): Promise<() => void> {
  const { draw, tooltip } = await import('../charts');
  if (signal.aborted) return () => undefined;
  const points = (value: (rates: LiveRates) => number): [number, number][] =>
    live.history.map((rates) => [new Date(rates.time).getTime(), value(rates)]);
  return draw(element, signal, (ink, narrow) => {
    element.dataset.points = String(live.history.length);
    const end = live.history.length ? new Date(live.history[live.history.length - 1]!.time).getTime() : Date.now();
    const axis = {
      axisLabel: { color: ink.muted, fontSize: 11 },
      nameTextStyle: { color: ink.muted },
      splitLine: { lineStyle: { color: ink.line } },
    };
    const line = { type: 'line', showSymbol: false, animation: false };
    return {
      animation: false,
      grid: { left: 48, right: narrow ? 40 : 56, top: narrow ? 56 : 36, bottom: 28 },
      legend: { top: 0, left: 0, itemGap: narrow ? 8 : 16, textStyle: { color: ink.muted, fontSize: narrow ? 11 : 12 } },
      tooltip: { ...tooltip(ink), trigger: 'axis', valueFormatter: (value: number) => format.rate(value) },
      xAxis: {
        type: 'time',
        min: end - windowMs,
        max: end,
        splitNumber: narrow ? 3 : 5,
        axisLine: { lineStyle: { color: ink.line } },
        axisLabel: { color: ink.muted, fontSize: 11, hideOverlap: true, formatter: '{HH}:{mm}' },
        splitLine: { show: false },
      },
      yAxis: [
        { type: 'value', min: 0, minInterval: 1, ...axis },
        {
          type: 'value',
          min: 0,
          minInterval: 1,
          ...axis,
          splitLine: { show: false },
          axisLabel: { ...axis.axisLabel, formatter: (value: number) => format.money(value) },
        },
      ],
      series: [
        {
          ...line,
          name: 'Events/s',
          data: points((rates) => rates.eventsPerSecond),
          itemStyle: { color: ink.accent },
          areaStyle: { opacity: 0.12 },
          lineStyle: { width: 2 },
        },
        {
          ...line,
          name: 'Rejections/s',
          data: points((rates) => rates.rejectionsPerSecond),
          itemStyle: { color: ink.warn },
          lineStyle: { width: 2 },
        },
        {
          ...line,
          name: 'In memory (right)',
          yAxisIndex: 1,
          data: points((rates) => rates.activeCustomers),
          itemStyle: { color: ink.muted },
          lineStyle: { width: 1.5, type: 'dashed' },
        },
      ],
    };
  }).redraw;
}

function lastSeconds(): HTMLElement {
  return table(
    'The latest seconds',
    [
      { title: 'Time', cell: (rates) => format.time(rates.time) },
      { title: 'Events/s', numeric: true, cell: (rates) => format.rate(rates.eventsPerSecond) },
      { title: 'Rejections/s', numeric: true, cell: (rates) => format.rate(rates.rejectionsPerSecond) },
      { title: 'In memory', numeric: true, cell: (rates) => format.count(rates.activeCustomers) },
    ],
    live.history.slice(-tableRows).reverse(),
  );
}

export const ingestionView: View = async (root, _argument, signal) => {
  const numbers = pulse();
  const quiet = h(
    'p',
    { class: 'notice', attrs: { hidden: true } },
    'No events yet. Send some with an SDK, by hand or from the simulated shop: see "How to send events".',
  );
  const chart = h('div', {
    class: 'chart',
    attrs: { role: 'img', 'aria-label': 'Events, rejections and customers in memory over the last five minutes' },
    vars: { '--height': '280px' },
  });
  const seconds = h('div', {}, lastSeconds());
  const fallback = asTable(seconds);
  const fresh = h(
    'button',
    {
      attrs: { type: 'button', hidden: true },
      on: {
        click: () => {
          fresh.hidden = true;
          void rejections.reload();
        },
      },
    },
    'Show new rejections',
  );
  const rejections = pagedTable({
    caption: 'Rejections, newest first',
    stacked: true,
    empty: 'None: everything that was sent has been taken.',
    load: (cursor) => api.rejections(cursor, pageSize, signal),
    columns: [
      { title: 'Time', cell: (item) => h('time', { attrs: { datetime: item.time } }, format.when(item.time)) },
      { title: 'Code', cell: (item) => h('code', { class: 'code' }, item.code) },
      {
        title: 'Reason',
        cell: (item) =>
          h(
            'div',
            { class: 'reason' },
            item.reason,
            item.excerpt
              ? h('details', {}, h('summary', {}, 'What was sent'), h('pre', { attrs: { tabindex: 0 } }, h('code', {}, item.excerpt)))
              : null,
          ),
      },
      {
        title: 'Source',
        wide: true,
        cell: (item) =>
          item.position === null
            ? item.source
            : `${item.source}, ${item.source.startsWith('import') ? 'line' : 'position'} ${format.count(item.position)}`,
      },
      { title: 'Customer', wide: true, cell: (item) => (item.customerId ? customerLink(item.customerId) : '–') },
    ],
  });
  const model = h('p', { class: 'muted', attrs: { id: 'model' } }, '\u00a0');
  const showModel = async (): Promise<void> => {
    try {
      const models = await api.models(signal);
      if (models) setText(model, modelText(models));
    } catch {
      // The view says by other means that the service does not answer.
    }
  };
  fill(
    root,
    heading('Ingestion'),
    quiet,
    numbers.element,
    model,
    howTo(),
    panel('Last five minutes', chart, fallback),
    panel('Rejections', fresh, rejections.element),
  );

  let known: number | null = null;
  const show = (rates: LiveRates): void => {
    numbers.update(rates);
    quiet.hidden = rates.events > 0 || rates.customers > 0;
    if (known !== null && rates.rejections > known) fresh.hidden = false;
    known = rates.rejections;
  };
  const latest = live.history[live.history.length - 1];
  if (latest) show(latest);
  const redraw = await drawRates(chart, signal);
  const draw = throttled(1_000, signal, () => {
    redraw();
    if (fallback.hasAttribute('open')) fill(seconds, lastSeconds());
  });
  const lookAtModel = throttled(modelEveryMs, signal, () => void showModel());
  live.on(
    'rates',
    (rates) => {
      show(rates);
      draw();
      lookAtModel();
    },
    signal,
  );
  void showModel();
  await rejections.reload();
};
