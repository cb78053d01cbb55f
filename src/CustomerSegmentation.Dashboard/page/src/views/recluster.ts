import { api } from '../api';
import { announce, fill, h, uniqueId } from '../dom';
import * as format from '../format';
import type { SegmentationView } from '../types';
import { bar, errorMessage, panel } from '../widgets';

// Starting a re-clustering, and what shows while one runs.

const steps: [string, string][] = [
  ['reading', 'Reading profiles'],
  ['choosing', 'Choosing the number of segments'],
  ['fitting', 'Fitting'],
  ['naming', 'Naming'],
  ['previewing', 'Previewing moves'],
  ['assigning', 'Assigning everybody'],
];

export const stepLabel = (step: string): string => steps.find(([name]) => name === step)?.[1] ?? step;

export const inProgress = (view: SegmentationView): boolean => view.status === 'running' || view.status === 'activating';

function numberField(label: string, name: string, value: number, min: number, max: number): HTMLElement {
  const id = uniqueId(name);
  return h(
    'label',
    { class: 'field', attrs: { for: id } },
    h('span', {}, label),
    h('input', { attrs: { id, name, type: 'number', value, min, max, required: true, inputmode: 'numeric' } }),
  );
}

/** The form; `started` gets the version that runs. */
export function startForm(started: (view: SegmentationView) => void): HTMLElement {
  const fixed = h('div', { attrs: { hidden: true } }, numberField('Segments', 'segmentCount', 6, 2, 32));
  const chosen = h(
    'div',
    { class: 'fields' },
    numberField('At least', 'minSegments', 4, 2, 32),
    numberField('At most', 'maxSegments', 8, 2, 32),
  );
  const problem = h('p', { class: 'error', attrs: { role: 'alert', hidden: true } });
  const button = h('button', { class: 'primary' }, 'Re-cluster now');
  const activate = h('input', { attrs: { type: 'checkbox', name: 'activate', checked: true } });
  const mode = (value: string, text: string, checked: boolean): HTMLElement =>
    h(
      'label',
      {},
      h('input', {
        attrs: { type: 'radio', name: 'mode', value, checked },
        on: {
          change: () => {
            fixed.hidden = value !== 'fixed';
            chosen.hidden = value === 'fixed';
          },
        },
      }),
      h('span', {}, text),
    );
  const form = h(
    'form',
    {},
    h(
      'fieldset',
      { class: 'choice' },
      h('legend', {}, 'Number of segments'),
      mode('chosen', 'Chosen by stability', true),
      mode('fixed', 'Fixed', false),
    ),
    chosen,
    fixed,
    h('label', { class: 'check' }, activate, h('span', {}, 'Activate when fitted (otherwise it waits as a preview)')),
    h('details', {}, h('summary', {}, 'More'), numberField('Seed of the random choices', 'seed', 1, 0, 2_147_483_647)),
    problem,
    h('p', {}, button),
  );
  const value = (name: string): number => Number((form.elements.namedItem(name) as HTMLInputElement).value);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });

  async function submit(): Promise<void> {
    const isFixed = !fixed.hidden;
    if (!isFixed && value('minSegments') > value('maxSegments')) {
      problem.textContent = 'The smallest number of segments is above the largest.';
      problem.hidden = false;
      return;
    }
    button.disabled = true;
    problem.hidden = true;
    try {
      const view = await api.start({
        segmentCount: isFixed ? value('segmentCount') : null,
        minSegments: isFixed ? 4 : value('minSegments'),
        maxSegments: isFixed ? 8 : value('maxSegments'),
        activate: activate.checked,
        seed: value('seed'),
      });
      announce(view.alreadyRunning ? `Segmentation ${view.version} was running already.` : `Segmentation ${view.version} started.`);
      started(view);
    } catch (error) {
      problem.textContent = errorMessage(error);
      problem.hidden = false;
    }
    button.disabled = false;
  }

  return panel(
    'Re-cluster',
    h('p', { class: 'muted' }, 'Fits segments to everybody as they are now. Segments that live on keep their key, name and colour.'),
    form,
  );
}

/** The running version with its bar; hidden while none runs. */
export function progressPanel(cancelled: (view: SegmentationView) => void): {
  element: HTMLElement;
  update: (view: SegmentationView) => void;
} {
  const element = h('div', { attrs: { hidden: true } });
  let announced = '';
  const update = (view: SegmentationView): void => {
    element.hidden = !inProgress(view);
    if (element.hidden) {
      if (announced !== '') announce(`Segmentation ${view.version}: ${view.status}.`);
      announced = '';
      return;
    }
    if (announced !== view.step) announce(`Segmentation ${view.version}: ${stepLabel(view.step)}.`);
    announced = view.step;
    const hadFocus = element.contains(document.activeElement);
    const cancel = h(
      'button',
      {
        class: 'danger',
        attrs: { type: 'button' },
        on: { click: () => void api.cancel(view.version).then(cancelled, (error: unknown) => announce(errorMessage(error))) },
      },
      'Cancel',
    );
    const percent = Math.round(view.progress * 100);
    fill(
      element,
      panel(
        `Segmentation ${view.version} is at work`,
        h(
          'div',
          {
            class: 'meter',
            attrs: { role: 'progressbar', 'aria-valuenow': percent, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-label': 'Progress' },
          },
          bar(view.progress),
          h('strong', {}, format.share(view.progress)),
        ),
        h('p', { class: 'muted' }, `${stepLabel(view.step)} · ${format.duration(view.startedAt, null)} so far`),
        view.status === 'running' ? h('p', {}, cancel) : null,
      ),
    );
    if (hadFocus) cancel.focus();
  };
  return { element, update };
}
