import { api } from '../api';
import { ready } from '../directory';
import { fill, h } from '../dom';
import * as format from '../format';
import { live } from '../live';
import type { View } from '../view';
import { customerLink, heading, pagedTable, panel, segmentLink } from '../widgets';

const pageSize = 25;
const feedLimit = 12;

/** The field that opens a customer by id. */
export function searchForm(value = ''): HTMLElement {
  const input = h('input', {
    attrs: {
      id: 'customer-id',
      name: 'id',
      type: 'search',
      required: true,
      maxlength: 200,
      autocomplete: 'off',
      spellcheck: 'false',
      value,
      placeholder: 'Customer id',
    },
  });
  return h(
    'form',
    {
      class: 'search',
      attrs: { role: 'search' },
      on: {
        submit: (event) => {
          event.preventDefault();
          const id = input.value.trim();
          if (id) location.hash = `#/customers/${encodeURIComponent(id)}`;
        },
      },
    },
    h('label', { class: 'visually-hidden', attrs: { for: 'customer-id' } }, 'Customer id'),
    input,
    h('button', { class: 'primary' }, 'Open'),
  );
}

function feed(signal: AbortSignal): HTMLElement {
  const list = h('ul', { class: 'feed' });
  const empty = h('p', { class: 'empty' }, 'Moves appear here as they happen.');
  live.on(
    'transition',
    (move) => {
      empty.hidden = true;
      list.prepend(
        h(
          'li',
          {},
          h('span', { class: 'muted' }, format.time(move.time)),
          ' ',
          customerLink(move.customerId),
          ' ',
          segmentLink(move.from, 'new'),
          ' → ',
          segmentLink(move.to, 'left'),
        ),
      );
      while (list.children.length > feedLimit) list.lastElementChild?.remove();
    },
    signal,
  );
  return panel('Moving now', empty, list);
}

export const customersView: View = async (root, _argument, signal) => {
  await ready();
  const customers = pagedTable({
    caption: 'Customers ordered by id',
    empty: h(
      'span',
      {},
      'No customers yet: they appear with their first event. ',
      h('a', { attrs: { href: '#/ingestion' } }, 'How to send one'),
    ),
    load: (cursor) => api.customers(null, cursor, pageSize, signal),
    columns: [
      { title: 'Customer', cell: (customer) => customerLink(customer.id) },
      { title: 'Segment', cell: (customer) => segmentLink(customer.segment) },
      { title: 'Value', numeric: true, cell: (customer) => format.money(customer.monetary) },
      { title: 'Orders', numeric: true, wide: true, cell: (customer) => format.count(customer.orders) },
      {
        title: 'Last seen',
        wide: true,
        cell: (customer) => h('span', { attrs: { title: format.when(customer.lastSeen) } }, format.ago(customer.lastSeen)),
      },
    ],
  });
  fill(root, heading('Customers', searchForm()), h('div', { class: 'columns' }, panel('All customers', customers.element), feed(signal)));
  await customers.reload();
};
