import { adminKey } from '../api';
import { fill, h } from '../dom';
import { heading } from '../widgets';

/** Asks for the admin key; `done` is called when one was typed. The key stays in this browser tab only. */
export function showKeyForm(root: HTMLElement, refused: boolean, done: () => void): void {
  const input = h('input', {
    attrs: { id: 'admin-key', type: 'password', required: true, autocomplete: 'current-password', spellcheck: 'false' },
  });
  fill(
    root,
    heading('Admin key'),
    h(
      'form',
      {
        class: 'panel key',
        on: {
          submit: (event) => {
            event.preventDefault();
            adminKey.set(input.value.trim());
            done();
          },
        },
      },
      refused
        ? h('p', { class: 'error', attrs: { role: 'alert' } }, 'The service does not accept this key. A write key cannot read customers.')
        : null,
      h('p', {}, 'Reading customers needs the admin key. The service showed it at its first start.'),
      h('label', { class: 'field', attrs: { for: 'admin-key' } }, h('span', {}, 'Admin key'), input),
      h('p', {}, h('button', { class: 'primary' }, 'Open'), ' ', h('span', { class: 'muted' }, 'Kept in this tab until it is closed.')),
    ),
  );
  input.focus();
}
