// Numbers and times in the reader's own language. Money is in the shop's currency, whose name the service does not know.

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const percentFine = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const percentCoarse = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const three = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const one = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

export const count = (value: number): string => whole.format(value);

export const money = (value: number): string => (Math.abs(value) >= 100_000 ? compact.format(value) : whole.format(value));

export const moneyExact = (value: number): string => two.format(value);

export const share = (value: number): string => (Math.abs(value) < 0.1 ? percentFine : percentCoarse).format(value);

export const score = (value: number): string => two.format(value);

export const rate = (value: number): string => (value !== 0 && value < 10 ? one.format(value) : whole.format(value));

/** Whole numbers above 100, three significant digits below; what is next to nothing is 0. */
export const number = (value: number): string =>
  Math.abs(value) < 0.0005 ? whole.format(0) : Number.isInteger(value) || Math.abs(value) >= 100 ? whole.format(value) : three.format(value);

/** `3.5 h`, `12 min`, `4 s`: less than a day. */
export function partOfDay(days: number): string {
  const seconds = days * 86_400;
  if (Math.abs(seconds) >= 3_600) return `${one.format(seconds / 3_600)} h`;
  return Math.abs(seconds) >= 60 ? `${whole.format(seconds / 60)} min` : `${whole.format(seconds)} s`;
}

export const deviations = (effect: number): string => `${one.format(Math.abs(effect))} sd`;

export const when = (iso: string | null): string => (iso ? dateTime.format(new Date(iso)) : '–');

export const date = (iso: string | null): string => (iso ? day.format(new Date(iso)) : '–');

export const time = (value: string | number): string => clock.format(new Date(value));

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `3 days ago`, `in 2 hours`, `just now`. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return 'just now';
}

/** `4 min 10 s`. */
export function duration(fromIso: string, toIso: string | null): string {
  const seconds = Math.max(0, (new Date(toIso ?? Date.now()).getTime() - new Date(fromIso).getTime()) / 1000);
  if (seconds < 60) return `${number(Math.round(seconds * 10) / 10)} s`;
  return `${whole.format(Math.floor(seconds / 60))} min ${whole.format(Math.floor(seconds % 60))} s`;
}

/** `1 customer`, `2 customers`. */
export const plural = (value: number, singular: string, many = `${singular}s`): string =>
  `${whole.format(value)} ${value === 1 ? singular : many}`;
