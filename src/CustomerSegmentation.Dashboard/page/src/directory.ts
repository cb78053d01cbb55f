import { api } from './api';
import { live } from './live';
import { cssColour } from './theme';
import type { SegmentsView } from './types';

// Names and colours of segments, for every route. A colour belongs to a key: it is chosen by the key's hash, and a key whose colour
// is taken gets the next free one, so that colours stay through re-clusterings as long as keys do.

const colourCount = 12;
const names = new Map<string, string>();
const slots = new Map<string, number>();
let version: number | null = null;
let loading: Promise<void> | null = null;

/** FNV-1a, 32 bit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}

function slotOf(key: string): number {
  const known = slots.get(key);
  if (known !== undefined) return known;
  const taken = new Set(slots.values());
  let slot = hash(key) % colourCount;
  for (let tries = 0; tries < colourCount && taken.has(slot); tries++) slot = (slot + 1) % colourCount;
  slots.set(key, slot);
  return slot;
}

/** Takes the names of the active segmentation. */
export function learn(view: SegmentsView): void {
  version = view.version;
  for (const segment of [...view.segments].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    names.set(segment.key, segment.name);
    slotOf(segment.key);
  }
}

/** Loads the names once; a new segmentation loads them again. */
export function ready(): Promise<void> {
  loading ??= api.segments().then(learn, (error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

live.on('segmentation', (view) => {
  if (view.status === 'active' && view.version !== version) loading = null;
});

export const activeVersion = (): number | null => version;

/** The key itself where the name is not known: a segment of another version. */
export function segmentName(key: string | null, whenNull = 'no segment'): string {
  return key === null ? whenNull : (names.get(key) ?? key);
}

/** A reference to the colour for style sheets: it follows the theme. */
export const colourVariable = (key: string | null): string => (key === null ? 'var(--seg-none)' : `var(--seg-${slotOf(key)})`);

/** The colour in the present theme, for canvases. */
export const colour = (key: string | null): string => cssColour(key === null ? '--seg-none' : `--seg-${slotOf(key)}`);
