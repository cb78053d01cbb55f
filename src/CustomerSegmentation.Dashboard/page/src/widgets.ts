import { h, type Child } from './dom';
import { colourVariable, segmentName } from './directory';
import type { Page } from './types';

// The parts that several views are made of.

/** A section with a heading; the landmark is named by it. */
export function panel(title: string, ...children: (Child | Child[])[]): HTMLElement {
  const id = `h-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return h('section', { class: 'panel', attrs: { 'aria-labelledby': id } }, h('h2', { attrs: { id } }, title), ...children);
}

export function heading(text: string, ...beside: (Child | Child[])[]): HTMLElement {
  return h('div', { class: 'heading' }, h('h1', { attrs: { tabindex: -1 } }, text), ...beside);
}

export function segmentLink(key: string | null, whenNull?: string): HTMLElement {
  const dot = h('span', { class: 'dot', attrs: { 'aria-hidden': 'true' }, vars: { '--c': colourVariable(key) } });
  const name = segmentName(key, whenNull);
  return key === null
    ? h('span', { class: 'segment none' }, dot, name)
    : h('a', { class: 'segment', attrs: { href: `#/segments/${encodeURIComponent(key)}` } }, dot, name);
}

export function customerLink(id: string): HTMLElement {
  return h('a', { class: 'id', attrs: { href: `#/customers/${encodeURIComponent(id)}` } }, id);
}

export function tile(label: string, value: string, note?: Child): HTMLElement {
  return h(
    'div',
    { class: 'tile' },
    h('dt', {}, label),
    h('dd', {}, h('strong', {}, value), note ? h('span', { class: 'muted' }, note) : null),
  );
}

export const tiles = (...items: HTMLElement[]): HTMLElement => h('dl', { class: 'tiles' }, items);

/** A bar to the right for positive and to the left for negative values; `size` is -1 to 1. */
export function divergingBar(size: number, colour: string): HTMLElement {
  const bounded = Math.max(-1, Math.min(1, size));
  return h('span', {
    class: bounded < 0 ? 'effect negative' : 'effect',
    attrs: { 'aria-hidden': 'true' },
    vars: { '--w': `${Math.abs(bounded) * 50}%`, '--c': colour },
  });
}

export function bar(part: number, colour = 'var(--accent)'): HTMLElement {
  return h('span', {
    class: 'part',
    attrs: { 'aria-hidden': 'true' },
    vars: { '--w': `${Math.max(0, Math.min(1, part)) * 100}%`, '--c': colour },
  });
}

export interface Column<T> {
  title: string;
  cell: (row: T) => Child;
  /** Numbers stand right-aligned. */
  numeric?: boolean;
  /** Left out on narrow screens. */
  wide?: boolean;
}

const cellClass = <T>(column: Column<T>): string => [column.numeric ? 'num' : '', column.wide ? 'wide' : ''].filter(Boolean).join(' ');

export function row<T>(columns: Column<T>[], item: T): HTMLTableRowElement {
  return h(
    'tr',
    {},
    columns.map((column, index) =>
      index === 0
        ? h('th', { class: cellClass(column), attrs: { scope: 'row' } }, column.cell(item))
        : h('td', { class: cellClass(column) }, column.cell(item)),
    ),
  );
}

export function table<T>(caption: string, columns: Column<T>[], items: T[]): HTMLElement {
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      {},
      h('caption', { class: 'visually-hidden' }, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((column) => h('th', { class: cellClass(column), attrs: { scope: 'col' } }, column.title)),
        ),
      ),
      h(
        'tbody',
        {},
        items.map((item) => row(columns, item)),
      ),
    ),
  );
}

/** The numbers behind a chart, for those who cannot or do not want to see it. */
export function asTable(content: HTMLElement): HTMLElement {
  return h('details', { class: 'as-table' }, h('summary', {}, 'Show as a table'), content);
}

/** A table that loads page after page on request. */
export function pagedTable<T>(options: {
  caption: string;
  columns: Column<T>[];
  empty: Child;
  /** Rows become blocks on narrow screens: for columns of long text. */
  stacked?: boolean;
  load: (cursor: string | null) => Promise<Page<T>>;
}): { element: HTMLElement; reload: () => Promise<void> } {
  const body = h('tbody');
  const empty = h('div', { class: 'empty', attrs: { hidden: true } }, options.empty);
  const problem = h('p', { class: 'error', attrs: { role: 'alert', hidden: true } });
  const more = h('button', { attrs: { type: 'button', hidden: true }, on: { click: () => void next() } }, 'Show more');
  const shown = h('span', { class: 'muted' });
  const frame = table(options.caption, options.columns, []);
  frame.querySelector('tbody')?.replaceWith(body);
  frame.classList.toggle('stacked', options.stacked === true);
  let cursor: string | null = null;

  async function next(): Promise<void> {
    more.disabled = true;
    try {
      const page = await options.load(cursor);
      const rows = page.items.map((item) => row(options.columns, item));
      body.append(...rows);
      cursor = page.next;
      problem.hidden = true;
      if (more === document.activeElement) rows[0]?.querySelector<HTMLElement>('a')?.focus();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      problem.textContent = error instanceof Error ? error.message : String(error);
      problem.hidden = false;
    }
    more.disabled = false;
    more.hidden = cursor === null && problem.hidden;
    frame.hidden = body.children.length === 0;
    empty.hidden = body.children.length > 0 || !problem.hidden;
    shown.textContent = body.children.length ? `${body.children.length} shown${cursor === null ? ', all there are' : ''}` : '';
  }

  async function reload(): Promise<void> {
    cursor = null;
    body.replaceChildren();
    await next();
  }

  return { element: h('div', {}, problem, frame, empty, h('p', { class: 'more' }, more, shown)), reload };
}

/** Asks before something that concerns everybody; true when confirmed. */
export function confirmDialog(title: string, text: string, action: string): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = h(
      'dialog',
      { attrs: { 'aria-labelledby': 'confirm-title' } },
      h(
        'form',
        { attrs: { method: 'dialog' } },
        h('h2', { attrs: { id: 'confirm-title' } }, title),
        h('p', {}, text),
        h(
          'div',
          { class: 'buttons' },
          h('button', { class: 'quiet', attrs: { value: 'no' } }, 'Leave as it is'),
          h('button', { class: 'primary', attrs: { value: 'yes' } }, action),
        ),
      ),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
