import { address, headers, KeyNeeded, toError } from './api';
import type { LiveRates, SegmentationView, SegmentTransition } from './types';

// The live stream. EventSource cannot send the admin key, so the stream is read with fetch.

export type LiveState = 'connecting' | 'live' | 'retrying' | 'locked';

interface Channels {
  transition: SegmentTransition;
  rates: LiveRates;
  segmentation: SegmentationView;
  state: LiveState;
}

type Listener<K extends keyof Channels> = (value: Channels[K]) => void;

const listeners: { [K in keyof Channels]: Set<Listener<K>> } = {
  transition: new Set(),
  rates: new Set(),
  segmentation: new Set(),
  state: new Set(),
};

/** Five minutes of the pulse, one point a second, whatever route is shown. */
const historySeconds = 300;
/** The service sends a pulse or a heartbeat at least every 15 seconds; silence this long means that the connection is dead. */
const silenceLimitMs = 40_000;
const retryFirstMs = 500;
const retryMaxMs = 15_000;

const history: LiveRates[] = [];
let state: LiveState = 'connecting';
let running: AbortController | null = null;

function emit<K extends keyof Channels>(channel: K, value: Channels[K]): void {
  for (const listener of listeners[channel]) listener(value);
}

function setState(next: LiveState): void {
  if (state === next) return;
  state = next;
  emit('state', next);
}

function dispatch(name: string, data: string): void {
  const value: unknown = JSON.parse(data);
  if (name === 'transition') emit('transition', value as SegmentTransition);
  if (name === 'segmentation') emit('segmentation', value as SegmentationView);
  if (name === 'rates') {
    const pulse = value as Omit<LiveRates, 'time'> & { time?: string };
    const rates = { ...pulse, time: pulse.time ?? new Date().toISOString() };
    history.push(rates);
    if (history.length > historySeconds) history.shift();
    emit('rates', rates);
  }
}

/** Cuts a server-sent event stream into events: lines, fields, a blank line ends the event. */
export class EventReader {
  private rest = '';
  private name = '';
  private data: string[] = [];

  constructor(private readonly deliver: (name: string, data: string) => void) {}

  push(text: string): void {
    const lines = (this.rest + text).split(/\r?\n/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    if (line === '') {
      if (this.data.length) this.deliver(this.name || 'message', this.data.join('\n'));
      this.name = '';
      this.data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.name = value;
    if (field === 'data') this.data.push(value);
  }
}

async function readOnce(signal: AbortSignal, connected: () => void): Promise<void> {
  const attempt = new AbortController();
  const stop = (): void => attempt.abort();
  signal.addEventListener('abort', stop);
  let silence = setTimeout(stop, silenceLimitMs);
  try {
    const response = await fetch(address('api/live'), {
      headers: { ...headers(), accept: 'text/event-stream' },
      signal: attempt.signal,
      cache: 'no-store',
    });
    if (!response.ok || !response.body) throw await toError(response);
    connected();
    const reader = new EventReader(dispatch);
    const decoder = new TextDecoder();
    const body = response.body.getReader();
    for (;;) {
      const { done, value } = await body.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(stop, silenceLimitMs);
      reader.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', stop);
    attempt.abort();
  }
}

async function keepReading(signal: AbortSignal): Promise<void> {
  let wait = retryFirstMs;
  while (!signal.aborted) {
    try {
      await readOnce(signal, () => {
        wait = retryFirstMs;
        setState('live');
      });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof KeyNeeded) {
        setState('locked');
        return;
      }
    }
    if (signal.aborted) return;
    setState('retrying');
    // Half of the wait is random, so that many open pages do not return at once after a restart.
    const pause = wait * (0.5 + Math.random() / 2);
    await new Promise((resolve) => setTimeout(resolve, pause));
    wait = Math.min(wait * 2, retryMaxMs);
  }
}

export const live = {
  /** Connects, or connects anew after the key changed. */
  start(): void {
    running?.abort();
    running = new AbortController();
    setState('connecting');
    void keepReading(running.signal);
  },

  /** Listens until the signal ends. */
  on<K extends keyof Channels>(channel: K, listener: Listener<K>, signal?: AbortSignal): void {
    listeners[channel].add(listener);
    signal?.addEventListener('abort', () => listeners[channel].delete(listener));
  },

  get state(): LiveState {
    return state;
  },

  /** The pulse of the last five minutes, oldest first. */
  get history(): readonly LiveRates[] {
    return history;
  },
};
