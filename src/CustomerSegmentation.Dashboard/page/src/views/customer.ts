import { api } from '../api';
import { colourVariable, ready, segmentName } from '../directory';
import { announce, fill, h } from '../dom';
import { featureLabel, featureValue, grouped } from '../features';
import * as format from '../format';
import { live } from '../live';
import type { CustomerView, SegmentExplanation, SegmentTransition } from '../types';
import { throttled, type View } from '../view';
import { asTable, bar, divergingBar, heading, panel, segmentLink, table } from '../widgets';
import { searchForm } from './customers';
import { firstPage, timeline } from './timeline';

const refreshMs = 1_000;

const causes: Record<string, string> = {
  event: 'by an event',
  time: 'as time passed',
  segmentation: 'by a re-clustering',
  join: 'by joining another id',
  erasure: 'by erasure',
};

function membership(customer: CustomerView): HTMLElement {
  const segment = customer.segment;
  if (!segment) {
    return h(
      'section',
      { class: 'panel membership', attrs: { 'aria-label': 'Segment' } },
      h('p', { class: 'big-name' }, 'No segment yet'),
      h('p', { class: 'muted' }, 'A customer is assigned with the first event after a segmentation is active.'),
    );
  }
  return h(
    'section',
    { class: 'panel membership', attrs: { 'aria-label': 'Segment' }, vars: { '--c': colourVariable(segment.key) } },
    h('p', { class: 'big-name' }, h('a', { attrs: { href: `#/segments/${encodeURIComponent(segment.key)}` } }, segment.name)),
    h(
      'div',
      { class: 'meter' },
      bar(segment.probability, colourVariable(segment.key)),
      h('strong', {}, `${format.share(segment.probability)} probability`),
    ),
    h('p', { class: 'muted' }, `Since ${format.when(segment.since)} (${format.ago(segment.since)}), segmentation ${segment.version}.`),
  );
}

function why(explanation: SegmentExplanation | null, colour: string): HTMLElement {
  if (!explanation) return panel('Why', h('p', { class: 'empty' }, 'There is nothing to explain before the customer is in a segment.'));
  const largest = Math.max(...explanation.contributions.map((item) => Math.abs(item.weight)), 1e-9);
  const runnerUp = explanation.runnerUp;
  return panel(
    'Why',
    h('p', {}, explanation.text),
    runnerUp
      ? h(
          'p',
          { class: 'muted' },
          'Next best: ',
          segmentLink(runnerUp.key),
          ` at ${format.share(runnerUp.probability)}. Bars to the right speak for the segment, bars to the left for the next best.`,
        )
      : null,
    h(
      'ul',
      { class: 'effects' },
      explanation.contributions.map((item) =>
        h(
          'li',
          {},
          h('span', { class: 'name' }, featureLabel(item.feature)),
          divergingBar(item.weight / largest, item.weight < 0 ? 'var(--muted)' : colour),
          h('span', { class: 'num' }, `${featureValue(item.feature, item.value)} vs ${featureValue(item.feature, item.typical)}`),
        ),
      ),
    ),
    asTable(
      table(
        'What speaks for and against the segment',
        [
          { title: 'Feature', cell: (item) => featureLabel(item.feature) },
          { title: 'Customer', numeric: true, cell: (item) => featureValue(item.feature, item.value) },
          { title: 'Typical', numeric: true, cell: (item) => featureValue(item.feature, item.typical) },
          { title: 'Weight', numeric: true, cell: (item) => format.score(item.weight) },
        ],
        explanation.contributions,
      ),
    ),
  );
}

function features(customer: CustomerView): HTMLElement {
  return panel(
    'Features',
    h('p', { class: 'muted' }, `As of ${format.when(customer.asOf)}.`),
    h(
      'div',
      { class: 'groups' },
      grouped(customer.features).map((group, index) => {
        const details = h(
          'details',
          {},
          h('summary', {}, group.title, h('span', { class: 'muted' }, ` ${group.items.length}`)),
          h(
            'dl',
            { class: 'list' },
            group.items.map(([name, value]) =>
              h('div', {}, h('dt', { attrs: { title: name } }, featureLabel(name)), h('dd', {}, featureValue(name, value))),
            ),
          ),
        );
        details.open = index === 0;
        return details;
      }),
    ),
  );
}

function person(customer: CustomerView): HTMLElement {
  const traits = Object.entries(customer.traits);
  return panel(
    'Person',
    h(
      'dl',
      { class: 'list' },
      traits.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
      h('div', {}, h('dt', {}, 'First seen'), h('dd', {}, format.when(customer.firstSeen))),
      h('div', {}, h('dt', {}, 'Last seen'), h('dd', {}, format.when(customer.lastSeen))),
      h('div', {}, h('dt', {}, 'Events'), h('dd', {}, format.count(customer.sequence))),
      customer.audiences.length ? h('div', {}, h('dt', {}, 'Audiences'), h('dd', {}, customer.audiences.join(', '))) : null,
      customer.joinedIds.length ? h('div', {}, h('dt', {}, 'Joined ids'), h('dd', { class: 'id' }, customer.joinedIds.join(', '))) : null,
    ),
  );
}

/** What the sequence model expects of the customer; nothing while none has read the events. */
function expectations(customer: CustomerView): HTMLElement | null {
  const { encoder } = customer;
  if (!encoder) return null;
  const answers = (classes: Record<string, number>): string =>
    Object.entries(classes)
      .sort((a, b) => b[1] - a[1])
      .map(([name, probability]) => `${name} ${format.share(probability)}`)
      .join(' · ');
  return panel(
    'Expected',
    h('p', { class: 'muted' }, `By the model ${encoder.model}${encoder.behind ? ', which has new events to read' : ''}.`),
    h(
      'dl',
      { class: 'list' },
      Object.entries(encoder.probabilities).map(([question, classes]) => h('div', {}, h('dt', {}, question), h('dd', {}, answers(classes)))),
    ),
  );
}

function categories(customer: CustomerView): HTMLElement {
  return panel(
    'Top categories',
    customer.topCategories.length === 0
      ? h('p', { class: 'empty' }, 'No products with a category yet.')
      : h(
          'ul',
          { class: 'effects plain' },
          customer.topCategories.map((item) =>
            h(
              'li',
              {},
              h('span', { class: 'name' }, item.category),
              bar(item.share),
              h('span', { class: 'num' }, format.share(item.share)),
            ),
          ),
        ),
  );
}

function segmentHistory(transitions: SegmentTransition[]): HTMLElement {
  return panel(
    'Segment history',
    transitions.length === 0
      ? h('p', { class: 'empty' }, 'No change of segment yet.')
      : h(
          'ol',
          { class: 'feed' },
          transitions.map((move) =>
            h(
              'li',
              {},
              segmentLink(move.from, 'new'),
              ' → ',
              segmentLink(move.to, 'left'),
              ' ',
              h('span', { class: 'muted' }, `${format.when(move.time)}, ${causes[move.cause] ?? move.cause}, version ${move.version}`),
            ),
          ),
        ),
  );
}

export const customerView: View = async (root, argument, signal) => {
  const id = argument ?? '';
  let taken = live.history.at(-1)?.events ?? -1;
  const [, customer, history, explanation] = await Promise.all([
    ready(),
    api.customer(id, signal),
    firstPage(id, signal),
    api.explanation(id, signal),
  ]);
  const crumbs = h(
    'nav',
    { class: 'crumbs', attrs: { 'aria-label': 'Breadcrumb' } },
    h('a', { attrs: { href: '#/customers' } }, 'Customers'),
    ' / ',
    h('span', { class: 'id' }, id),
  );
  if (!customer || !history) {
    fill(
      root,
      crumbs,
      heading('Not found', searchForm(id)),
      h('p', {}, `There is no customer "${id}". Ids are compared exactly, capital letters included.`),
    );
    return;
  }

  const top = h('div');
  const side = h('div', { class: 'stack' });
  const events = timeline(id, history, signal);
  let shown = customer.segment?.key ?? null;
  let sequence = customer.sequence;
  const show = (now: CustomerView, explained: SegmentExplanation | null, transitions: SegmentTransition[]): void => {
    const open = [...side.querySelectorAll('details')].map((one) => one.open);
    fill(
      top,
      h(
        'div',
        { class: 'columns' },
        h('div', { class: 'stack' }, membership(now), segmentHistory(transitions)),
        why(explained, colourVariable(now.segment?.key ?? null)),
      ),
    );
    fill(side, features(now), expectations(now), categories(now), person(now));
    [...side.querySelectorAll('details')].forEach((one, index) => {
      one.open = open[index] ?? one.open;
    });
  };
  show(customer, explanation, history.transitions);
  fill(root, crumbs, heading(id, searchForm()), top, h('div', { class: 'columns' }, panel('Timeline', events.element), side));

  const refresh = throttled(refreshMs, signal, () => {
    void Promise.all([api.customer(id, signal), firstPage(id, signal), api.explanation(id, signal)]).then(
      ([now, past, explained]) => {
        if (!now || !past || signal.aborted) return;
        const key = now.segment?.key ?? null;
        if (key !== shown) announce(`${id} is now in ${segmentName(key)}.`);
        shown = key;
        sequence = now.sequence;
        show(now, explained, past.transitions);
        events.prepend(past);
      },
      () => undefined,
    );
  });
  live.on(
    'transition',
    (move) => {
      if (move.customerId === id) refresh();
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

  // Events that move nobody are not in the stream one by one: while the shop takes any, ask whether this customer has new ones.
  const look = throttled(refreshMs, signal, () => {
    void api.customer(id, signal).then(
      (now) => {
        if (now && now.sequence !== sequence) refresh();
      },
      () => undefined,
    );
  });
  live.on(
    'rates',
    (rates) => {
      if (rates.events !== taken) look();
      taken = rates.events;
    },
    signal,
  );
};
