import { announce } from './dom';

// Light, dark, or what the system says; kept in this browser.

type Theme = 'auto' | 'light' | 'dark';

const storageName = 'customer-segmentation.theme';
const order: Theme[] = ['auto', 'light', 'dark'];
const labels: Record<Theme, string> = { auto: 'Auto', light: 'Light', dark: 'Dark' };
const icons: Record<Theme, string> = { auto: '◐', light: '○', dark: '●' };
const listeners = new Set<() => void>();
const systemDark = matchMedia('(prefers-color-scheme: dark)');
const reduced = matchMedia('(prefers-reduced-motion: reduce)');

let theme: Theme = 'auto';

function apply(next: Theme): void {
  theme = next;
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const listener of listeners) listener();
}

function label(button: HTMLElement): void {
  button.textContent = `${icons[theme]} ${labels[theme]}`;
  button.setAttribute('aria-label', `Colours: ${labels[theme]}. Change.`);
}

/** Applies the kept theme and makes the button cycle through them. */
export function startTheme(button: HTMLElement): void {
  const kept = localStorage.getItem(storageName) as Theme | null;
  apply(kept && order.includes(kept) ? kept : 'auto');
  label(button);
  button.addEventListener('click', () => {
    apply(order[(order.indexOf(theme) + 1) % order.length] ?? 'auto');
    localStorage.setItem(storageName, theme);
    label(button);
    announce(`Colours: ${labels[theme]}`);
  });
  systemDark.addEventListener('change', () => apply(theme));
}

/** Calls back when colours change, until the signal ends: charts are drawn anew. */
export function onColours(listener: () => void, signal: AbortSignal): void {
  listeners.add(listener);
  signal.addEventListener('abort', () => listeners.delete(listener));
}

/** The value of a CSS custom property in the present theme. */
export function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function motionReduced(): boolean {
  return reduced.matches;
}
