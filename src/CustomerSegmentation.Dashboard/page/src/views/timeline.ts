import { api } from '../api';
import { h, type Child } from '../dom';
import * as format from '../format';
import type { CustomerHistory, TimelineItem } from '../types';
import { errorMessage } from '../widgets';

// A customer's events, newest first, page after page.

const pageSize = 20;
const textLimit = 280;

const kinds: Record<string, [icon: string, words: string]> = {
  Custom: ['•', 'Event'],
  ProductListViewed: ['▤', 'Viewed a product list'],
  ProductViewed: ['◉', 'Viewed a product'],
  ProductsSearched: ['⌕', 'Searched'],
  ProductAdded: ['+', 'Added to cart'],
  ProductRemoved: ['−', 'Removed from cart'],
  ProductAddedToWishlist: ['♡', 'Added to wishlist'],
  CartViewed: ['▢', 'Viewed the cart'],
  CheckoutStarted: ['→', 'Started checkout'],
  OrderCompleted: ['✓', 'Ordered'],
  OrderRefunded: ['↩', 'Was refunded'],
  OrderCancelled: ['×', 'Cancelled an order'],
  ProductReviewed: ['★', 'Reviewed'],
  CouponApplied: ['%', 'Used a coupon'],
  CouponDenied: ['%', 'Coupon was denied'],
  PageViewed: ['▥', 'Viewed a page'],
  ScreenViewed: ['▥', 'Viewed a screen'],
  TraitsIdentified: ['☺', 'Traits were set'],
  Grouped: ['⚇', 'Joined a group'],
  Aliased: ['⇄', 'Another id joined'],
  MergedInto: ['⇄', 'Moved to another customer'],
};

function details(item: TimelineItem): Child[] {
  const text = item.text && item.text.length > textLimit ? item.text.slice(0, textLimit) + '…' : item.text;
  const more = item.products - item.productNames.length;
  return [
    item.query ? h('span', {}, `“${item.query}”`) : null,
    item.rating !== null && item.rating !== undefined ? h('span', {}, `${format.number(item.rating)} of 5 stars`) : null,
    item.productNames.length ? h('span', {}, item.productNames.join(', ') + (more > 0 ? ` and ${format.count(more)} more` : '')) : null,
    text ? h('q', {}, text) : null,
    item.orderId ? h('span', { class: 'muted' }, `order ${item.orderId}`) : null,
  ];
}

export function timelineRow(item: TimelineItem): HTMLElement {
  const [icon, words] = kinds[item.kind] ?? ['•', item.kind];
  return h(
    'li',
    { attrs: { 'data-sequence': item.sequence } },
    h('span', { class: 'icon', attrs: { 'aria-hidden': 'true' } }, icon),
    h('div', { class: 'what' }, h('strong', {}, item.name && item.name !== words ? `${words}: ${item.name}` : words), details(item)),
    h(
      'div',
      { class: 'side' },
      item.amount !== null && item.amount !== undefined ? h('strong', { class: 'num' }, format.moneyExact(item.amount)) : null,
      h('time', { class: 'muted', attrs: { datetime: item.time, title: format.when(item.time) } }, format.when(item.time)),
    ),
  );
}

export interface Timeline {
  element: HTMLElement;
  /** Puts events in front that came since. */
  prepend: (history: CustomerHistory) => void;
}

export function timeline(id: string, first: CustomerHistory, signal: AbortSignal): Timeline {
  const list = h('ol', { class: 'timeline' }, first.items.map(timelineRow));
  const problem = h('p', { class: 'error', attrs: { role: 'alert', hidden: true } });
  let next = first.next;
  let newest = first.items[0]?.sequence ?? 0;
  const more = h('button', { attrs: { type: 'button', hidden: next === null }, on: { click: () => void load() } }, 'Show earlier events');

  async function load(): Promise<void> {
    more.disabled = true;
    try {
      const page = await api.history(id, next, pageSize, signal);
      list.append(...(page?.items ?? []).map(timelineRow));
      next = page?.next ?? null;
      more.hidden = next === null;
      problem.hidden = true;
    } catch (error) {
      if (signal.aborted) return;
      problem.textContent = errorMessage(error);
      problem.hidden = false;
    }
    more.disabled = false;
  }

  const prepend = (history: CustomerHistory): void => {
    const fresh = history.items.filter((item) => item.sequence > newest);
    list.prepend(...fresh.map(timelineRow));
    newest = fresh[0]?.sequence ?? newest;
  };
  const empty = first.items.length === 0 ? h('p', { class: 'empty' }, 'No events are kept for this customer.') : null;
  return { element: h('div', {}, empty, list, problem, h('p', { class: 'more' }, more)), prepend };
}

export const firstPage = (id: string, signal: AbortSignal): Promise<CustomerHistory | null> => api.history(id, null, pageSize, signal);
