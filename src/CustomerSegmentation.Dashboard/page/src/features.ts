import * as format from './format';
import type { DistinguishingFeature } from './types';

// Feature names in words, with units. Names end in their unit (recencyDays, discountShare), so a feature that is not listed here is
// still labelled and formatted from its name.

interface Wording {
  label: string;
  /** How the sentence about a segment puts it. */
  verb?: string;
}

const wordings: Record<string, Wording> = {
  recencyDays: { label: 'Days since the last order', verb: 'ordered last' },
  frequency: { label: 'Orders', verb: 'orders' },
  monetary: { label: 'Value (orders less refunds)', verb: 'spends' },
  tenureDays: { label: 'Days since first seen', verb: 'known for' },
  averageOrderValue: { label: 'Average order value', verb: 'pays per order' },
};

const abbreviations: Record<string, string> = { avg: 'average', std: 'spread of', cnt: 'count' };

/** `discountShare` → `Discount share`, `orders30d` → `Orders, 30 d`. */
function humanize(feature: string): string {
  const words = feature
    .replace(/(?<=.)(Days|Hours|Minutes|Seconds)$/, '')
    .replace(/[_.]+/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Za-z])(\d)/g, '$1 $2')
    .toLowerCase()
    .split(' ')
    .filter(Boolean)
    .map((word) => abbreviations[word] ?? word);
  const text = words.join(' ').replace(/ (\d+) ?d(ays?)?$/, ', half-life $1 d');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const featureLabel = (feature: string): string => wordings[feature]?.label ?? humanize(feature);

/** The unit that the name tells, where the service gave none. */
export function unitOf(feature: string): string {
  if (/Share$|Ratio$|Rate$|Fraction$/.test(feature)) return 'share';
  const unit = /(Days|Hours|Minutes|Seconds)$/.exec(feature)?.[1];
  return unit ? unit.toLowerCase() : '';
}

const shortUnits: Record<string, string> = {
  days: 'd',
  hours: 'h',
  minutes: 'min',
  seconds: 's',
  day: 'd',
  hour: 'h',
  minute: 'min',
  second: 's',
};

/** A feature's value with its unit. */
export function featureValue(feature: string, value: number, unit = ''): string {
  if (!Number.isFinite(value)) return '–';
  const known = (unit || unitOf(feature)).toLowerCase();
  if (known === 'share' || known === 'ratio') return format.share(value);
  const short = shortUnits[known];
  return short ? `${format.number(value)} ${short}` : format.number(value);
}

/** `orders: 12 vs 2 typical`. */
export function comparison(item: DistinguishingFeature): string {
  return `${featureValue(item.feature, item.typical, item.unit)} vs ${featureValue(item.feature, item.overall, item.unit)}`;
}

/** One feature of a segment in plain words: `spends 3.1 sd more than typical (4,210 vs 640)`. */
export function inWords(item: DistinguishingFeature): string {
  const subject = wordings[item.feature]?.verb ?? humanize(item.feature).toLowerCase();
  const much = format.deviations(item.effect);
  const values = comparison(item);
  if (item.feature === 'recencyDays')
    return `${subject} ${featureValue(item.feature, item.typical, item.unit)} ago (typical ${featureValue(item.feature, item.overall, item.unit)})`;
  const direction = item.effect >= 0 ? 'more' : 'less';
  return item.feature in wordings
    ? `${subject} ${much} ${direction} than typical (${values})`
    : `${subject} ${much} ${item.effect >= 0 ? 'above' : 'below'} typical (${values})`;
}

/** The strongest differences as one sentence. */
export function sentence(items: DistinguishingFeature[], limit = 3): string {
  const parts = items.slice(0, limit).map(inWords);
  if (parts.length === 0) return 'Nothing sets it apart clearly.';
  const text = parts.join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1) + '.';
}

const groups: [string, RegExp][] = [
  ['Recency, frequency, value', /^(recency|frequency|monetary|tenure|averageOrder|orders?$)/i],
  ['Discounts and refunds', /discount|refund|coupon|cancel/i],
  ['Rhythm of purchases', /interPurchase|gap|interval|overdue/i],
  ['Sessions', /session/i],
  ['Time of day and week', /hour|weekend|weekday|dayOfWeek|night|morning|evening/i],
  ['Channels and devices', /channel|device|mobile|desktop|tablet|email|store|web\b/i],
  ['Reviews', /rating|review/i],
  ['Basket and products', /basket|price|product|categor|brand|items?|quantity|units/i],
  ['Browsing', /search|wish|cart|view|checkout|page|screen/i],
  ['Recent activity', /decay|recent|\d+d?$|HalfLife/i],
  ['About the person', /age|gender|income|country|consent/i],
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
