import * as format from './format';
import type { DistinguishingFeature } from './types';

// Feature names in words, with units. Names end in their unit (recencyDays, discountShare), so a feature that is not listed here is
// still labelled and formatted from its name.

/** Label, and the verb by which a sentence about a segment says it. */
const wordings: Record<string, [label: string, verb?: string]> = {
  recencyDays: ['Days since last order', 'ordered last'],
  inactivityDays: ['Days since last event'],
  tenureDays: ['Days since first seen', 'known for'],
  frequency: ['Orders', 'orders'],
  monetary: ['Value', 'spends'],
  averageOrderValue: ['Value of an order', 'pays per order'],
  orderGapDays: ['Days between orders'],
  orderGapDeviationDays: ['Spread of days between orders'],
  orderGapVariation: ['Irregularity of orders'],
  discountedOrderShare: ['Orders with a discount'],
  discountShare: ['Discount on orders'],
  refundShare: ['Money refunded'],
  refundsPerOrder: ['Refunds per order'],
  distinctProducts: ['Different products'],
  distinctCategories: ['Different categories'],
  repeatLineShare: ['Products bought again'],
  basketLines: ['Lines per order'],
  basketUnits: ['Units per order'],
  cartAbandonmentShare: ['Carts abandoned'],
  sessions: ['Visits'],
  sessionMinutes: ['Length of a visit'],
  sessionDepth: ['Events per visit'],
  singleEventSessionShare: ['Visits with one event'],
  orderSessionShare: ['Visits with an order'],
};

/** `unitPriceHighest` → `Unit price highest`, `spend30d` → `Spend, half-life 30 d`, `mondayShare` → `Monday`. */
function humanize(feature: string): string {
  const hours = /^hours(\d\d)To(\d\d)Share$/.exec(feature);
  if (hours) return `${hours[1]}:00 to ${hours[2]}:00 UTC`;
  const words = feature
    .replace(/(?<=.)(Days|Hours|Minutes|Seconds|Years|Share)$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Za-z])(\d)/g, '$1 $2')
    .toLowerCase()
    .replace(/ (\d+)d$/, ', half-life $1 d');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const featureLabel = (feature: string): string => wordings[feature]?.[0] ?? humanize(feature);

/** The unit that the name tells, where the service gave none. */
export function unitOf(feature: string): string {
  if (feature.endsWith('Share')) return 'share';
  const unit = /(Days|Hours|Minutes|Seconds|Years)$/.exec(feature)?.[1];
  return unit ? unit.toLowerCase() : '';
}

const shortUnits: Record<string, string> = { days: 'd', hours: 'h', minutes: 'min', seconds: 's', years: 'years' };

const consents: Record<string, string> = { '1': 'given', '0': 'unknown', '-1': 'refused' };
const flags = /Known$|^gender(Female|Male)$/;

/** A feature's value with its unit. */
export function featureValue(feature: string, value: number, unit = ''): string {
  if (!Number.isFinite(value)) return '–';
  if (feature === 'marketingConsent') return consents[String(value)] ?? format.number(value);
  if (flags.test(feature)) return value > 0 ? 'yes' : 'no';
  const known = unit || unitOf(feature);
  if (known === 'share') return format.share(value);
  if (known === 'days' && Math.abs(value) < 1 && value !== 0) return format.partOfDay(value);
  const short = shortUnits[known];
  return short ? `${format.number(value)} ${short}` : format.number(value);
}

/** `orders: 12 vs 2 typical`. */
export function comparison(item: DistinguishingFeature): string {
  return `${featureValue(item.feature, item.typical, item.unit)} vs ${featureValue(item.feature, item.overall, item.unit)}`;
}

/** One feature of a segment in plain words: `spends 3.1 sd more than typical (4,210 vs 640)`. */
export function inWords(item: DistinguishingFeature): string {
  const verb = wordings[item.feature]?.[1];
  if (item.feature === 'recencyDays') {
    const [here, everybody] = [item.typical, item.overall].map((value) => featureValue(item.feature, value, item.unit));
    return `${verb} ${here} ago (typical ${everybody})`;
  }
  const much = format.deviations(item.effect);
  return verb
    ? `${verb} ${much} ${item.effect >= 0 ? 'more' : 'less'} than typical (${comparison(item)})`
    : `${featureLabel(item.feature).toLowerCase()} ${much} ${item.effect >= 0 ? 'above' : 'below'} typical (${comparison(item)})`;
}

/** The strongest differences as one sentence. */
export function sentence(items: DistinguishingFeature[], limit = 3): string {
  const parts = items.slice(0, limit).map(inWords);
  if (parts.length === 0) return 'Nothing sets it apart clearly.';
  const text = parts.join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1) + '.';
}

const groups: [string, RegExp][] = [
  ['Recency, frequency, value', /^(recencyDays|inactivityDays|tenureDays|frequency|monetary|averageOrderValue)$/],
  ['Recent activity', /\d+d$/],
  ['Discounts and refunds', /discount|refund|coupon/i],
  ['Rhythm of orders', /^orderGap|^orderSpan|FirstOrder$/],
  ['Visits', /session|cartAbandonment/i],
  ['Time of day and week', /^hours\d|dayShare$/],
  ['Channels and devices', /^(web|mobileApp|email|store|service|server|desktop|mobile|tablet)Share$/],
  ['Basket and products', /^basket|unitPrice|viewedPrice|OrderValue|orderValue|distinct|repeatLine|categor/i],
  ['Reviews', /rating|review/i],
  ['Browsing', /^(events|views|searches|cart|checkouts|wishlist|customEvents)/],
  ['About the person', /^(age|income|gender|country|marketing)/],
];

/** Features in groups for reading; groups in a fixed order, features in the order of the schema. */
export function grouped(features: Record<string, number>): { title: string; items: [string, number][] }[] {
  const found = new Map<string, [string, number][]>();
  for (const [name, value] of Object.entries(features)) {
    const title = groups.find(([, pattern]) => pattern.test(name))?.[0] ?? 'Other';
    found.set(title, [...(found.get(title) ?? []), [name, value]]);
  }
  return [...groups.map(([title]) => title), 'Other']
    .filter((title) => found.has(title))
    .map((title) => ({ title, items: found.get(title) ?? [] }));
}
