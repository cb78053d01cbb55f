import { colourVariable } from '../directory';
import { h, setText } from '../dom';
import { comparison, featureLabel, sentence } from '../features';
import * as format from '../format';
import type { DistinguishingFeature, SegmentView } from '../types';
import { divergingBar } from '../widgets';

/** Bars of effects end here, in standard deviations. */
const effectLimit = 3;

export function effectBars(items: DistinguishingFeature[], colourOf: string): HTMLElement {
  return h(
    'ul',
    { class: 'effects' },
    items.map((item) =>
      h(
        'li',
        {},
        h('span', { class: 'name' }, featureLabel(item.feature)),
        divergingBar(item.effect / effectLimit, colourOf),
        h('span', { class: 'num' }, comparison(item)),
      ),
    ),
  );
}

export interface Card {
  element: HTMLElement;
  update: (segment: SegmentView) => void;
}

/** What a segment is, in a card whose figures follow the live numbers. */
export function segmentCard(first: SegmentView): Card {
  const size = h('strong');
  const sharePart = h('span', { class: 'muted' });
  const value = h('strong');
  const valuePart = h('span', { class: 'muted' });
  const href = `#/segments/${encodeURIComponent(first.key)}`;
  const element = h(
    'article',
    { class: 'card', vars: { '--c': colourVariable(first.key) } },
    h('h3', {}, h('a', { attrs: { href } }, first.name)),
    h('p', {}, first.description),
    h(
      'dl',
      { class: 'pair' },
      h('div', {}, h('dt', {}, 'Customers'), h('dd', {}, size, sharePart)),
      h('div', {}, h('dt', {}, 'Value'), h('dd', {}, value, valuePart)),
    ),
    h('h4', {}, 'What sets them apart'),
    h('p', {}, sentence(first.distinguishing, 2)),
    effectBars(first.distinguishing.slice(0, 4), colourVariable(first.key)),
    first.advice ? h('p', { class: 'advice' }, h('strong', {}, 'Do: '), first.advice) : null,
  );
  const update = (segment: SegmentView): void => {
    setText(size, format.count(segment.size));
    setText(sharePart, ` ${format.share(segment.share)} of all`);
    setText(value, format.money(segment.monetary));
    setText(valuePart, ` ${format.share(segment.monetaryShare)} of all`);
  };
  update(first);
  return { element, update };
}
