import { api } from '../api';
import { ready } from '../directory';
import { announce, fill, h } from '../dom';
import * as format from '../format';
import { live } from '../live';
import type { SegmentationView } from '../types';
import type { View } from '../view';
import { confirmDialog, errorMessage, heading, pagedTable, panel, type Column } from '../widgets';
import { inProgress, progressPanel, startForm } from './recluster';

const pageSize = 20;

export function statusBadge(view: SegmentationView): HTMLElement {
  return h('span', { class: 'badge', attrs: { 'data-status': view.status } }, view.status);
}

/** The button that makes a version the active one; null where that is not possible. */
export function activateButton(view: SegmentationView, active: number | null, done: (view: SegmentationView) => void): HTMLElement | null {
  if (view.status !== 'ready') return null;
  const back = active !== null && view.version < active;
  const moves = view.moves.filter((move) => move.from !== move.to).reduce((sum, move) => sum + move.customers, 0);
  return h(
    'button',
    {
      attrs: { type: 'button' },
      on: {
        click: () =>
          void confirmDialog(
            back ? `Roll back to version ${view.version}?` : `Activate version ${view.version}?`,
            `Everybody is re-assigned in the background${moves > 0 && !back ? `; about ${format.plural(moves, 'customer')} will change segment` : ''}. The present version is kept, and you can return to it.`,
            back ? 'Roll back' : 'Activate',
          ).then(async (yes) => {
            if (!yes) return;
            try {
              done(await api.activate(view.version));
            } catch (error) {
              announce(errorMessage(error));
            }
          }),
      },
    },
    back ? 'Roll back' : 'Activate',
    h('span', { class: 'visually-hidden' }, ` version ${view.version}`),
  );
}

export const segmentationsView: View = async (root, _argument, signal) => {
  await ready();
  const first = await api.segmentations(null, pageSize, signal);
  let active = first.items.find((view) => view.status === 'active' || view.status === 'activating')?.version ?? null;
  const reload = (): void => void versions.reload();
  const progress = progressPanel((view) => {
    progress.update(view);
    reload();
  });
  const begin = (view: SegmentationView): void => {
    progress.update(view);
    reload();
  };

  const columns: Column<SegmentationView>[] = [
    { title: 'Version', cell: (view) => h('a', { attrs: { href: `#/segmentations/${view.version}` } }, String(view.version)) },
    { title: 'Status', cell: statusBadge },
    {
      title: 'Started',
      wide: true,
      cell: (view) => h('span', { attrs: { title: format.when(view.startedAt) } }, format.ago(view.startedAt)),
    },
    { title: 'By', wide: true, cell: (view) => view.requestedBy },
    { title: 'Customers', wide: true, numeric: true, cell: (view) => format.count(view.customers) },
    { title: 'Segments', wide: true, numeric: true, cell: (view) => (view.metrics ? format.count(view.metrics.segmentCount) : '–') },
    { title: 'Silhouette', wide: true, numeric: true, cell: (view) => (view.metrics ? format.score(view.metrics.silhouette) : '–') },
    { title: 'Stability', wide: true, numeric: true, cell: (view) => (view.metrics ? format.score(view.metrics.stability) : '–') },
    { title: 'Action', cell: (view) => activateButton(view, active, begin) },
  ];
  const versions = pagedTable({
    caption: 'Segmentation versions, newest first',
    empty: 'None yet. Start the first one above; it needs some customers.',
    columns,
    load: async (cursor) => {
      const page = await api.segmentations(cursor, pageSize, signal);
      active = page.items.find((view) => view.status === 'active' || view.status === 'activating')?.version ?? active;
      return page;
    },
  });

  fill(
    root,
    heading('Segmentations'),
    progress.element,
    h('div', { class: 'columns narrow-first' }, startForm(begin), panel('Versions', versions.element)),
  );
  const running = first.items.find(inProgress);
  if (running) progress.update(running);
  live.on(
    'segmentation',
    (view) => {
      progress.update(view);
      if (!inProgress(view)) reload();
    },
    signal,
  );
  await versions.reload();
};
