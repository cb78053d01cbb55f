/** A route's view: builds itself into the root; its signal ends when the reader goes elsewhere. */
export type View = (root: HTMLElement, argument: string | null, signal: AbortSignal) => Promise<void>;

/** Calls at most once in an interval, the last call included; stops with the signal. */
export function throttled(intervalMs: number, signal: AbortSignal, action: () => void): () => void {
  let timer: number | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer));
  return () => {
    if (timer !== undefined || signal.aborted) return;
    timer = window.setTimeout(() => {
      timer = undefined;
      action();
    }, intervalMs);
  };
}
