import type {
  AudienceView,
  CustomerHistory,
  CustomerSummary,
  CustomerView,
  ModelsView,
  Page,
  RejectionView,
  SegmentationRequest,
  SegmentationView,
  SegmentExplanation,
  SegmentFlow,
  SegmentsView,
} from './types';

/** An answer that is not a success; the message is for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The service wants an admin key, or the one given is not valid. */
export class KeyNeeded extends ApiError {}

const storageName = 'customer-segmentation.admin-key';

export const adminKey = {
  get: (): string | null => sessionStorage.getItem(storageName),
  set: (value: string): void => sessionStorage.setItem(storageName, value),
  clear: (): void => sessionStorage.removeItem(storageName),
};

/** The address of a path of the service, relative to where the page itself is served. */
export const address = (path: string): URL => new URL(path, document.baseURI.split('#')[0]);

export function headers(): Record<string, string> {
  const key = adminKey.get();
  return key ? { authorization: `Bearer ${key}` } : {};
}

/** Turns an answer that is not a success into an error that says what happened. */
export async function toError(response: Response): Promise<ApiError> {
  const fallback = `The service answered ${response.status} ${response.statusText}`.trim() + '.';
  let message = fallback;
  try {
    const problem = (await response.json()) as { title?: string; detail?: string };
    message = problem.detail || problem.title || fallback;
  } catch {
    // Not every answer has a body; the status says enough.
  }
  return response.status === 401 || response.status === 403
    ? new KeyNeeded(response.status, message)
    : new ApiError(response.status, message);
}

async function send<T>(method: string, path: string, signal?: AbortSignal, body?: unknown): Promise<T> {
  const init: RequestInit = { method, headers: { ...headers(), accept: 'application/json' } };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, 'content-type': 'application/json' };
  }
  let response: Response;
  try {
    response = await fetch(address(path), init);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'The service does not answer. Is it running?');
  }
  if (!response.ok) throw await toError(response);
  return (await response.json()) as T;
}

/** Like `send`, with null where there is no such thing. */
async function find<T>(path: string, signal?: AbortSignal): Promise<T | null> {
  try {
    return await send<T>('GET', path, signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

function query(values: Record<string, string | number | null | undefined>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return pairs.length ? '?' + pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&') : '';
}

const customerPath = (id: string): string => `api/customers/${encodeURIComponent(id)}`;

export const api = {
  segments: (signal?: AbortSignal) => send<SegmentsView>('GET', 'api/segments', signal),

  flows: async (since: Date, signal?: AbortSignal): Promise<SegmentFlow[]> =>
    (await send<{ items: SegmentFlow[] }>('GET', `api/segments/flows${query({ since: since.toISOString() })}`, signal)).items,

  customers: (segment: string | null, cursor: string | null, limit: number, signal?: AbortSignal) =>
    send<Page<CustomerSummary>>('GET', `api/customers${query({ segment, cursor, limit })}`, signal),

  customer: (id: string, signal?: AbortSignal) => find<CustomerView>(customerPath(id), signal),

  history: (id: string, before: number | null, limit: number, signal?: AbortSignal) =>
    find<CustomerHistory>(`${customerPath(id)}/history${query({ before, limit })}`, signal),

  explanation: (id: string, signal?: AbortSignal) => find<SegmentExplanation>(`${customerPath(id)}/explanation`, signal),

  audiences: async (signal?: AbortSignal): Promise<AudienceView[]> =>
    (await find<{ items: AudienceView[] }>('api/audiences', signal))?.items ?? [],

  segmentations: (cursor: string | null, limit: number, signal?: AbortSignal) =>
    send<Page<SegmentationView>>('GET', `api/segmentations${query({ cursor, limit })}`, signal),

  segmentation: (version: number, signal?: AbortSignal) => find<SegmentationView>(`api/segmentations/${version}`, signal),

  start: (request: SegmentationRequest) => send<SegmentationView>('POST', 'api/segmentations', undefined, request),

  activate: (version: number) => send<SegmentationView>('POST', `api/segmentations/${version}/activate`),

  cancel: (version: number) => send<SegmentationView>('POST', `api/segmentations/${version}/cancel`),

  models: (signal?: AbortSignal) => find<ModelsView>('api/models', signal),

  rejections: (cursor: string | null, limit: number, signal?: AbortSignal) =>
    send<Page<RejectionView>>('GET', `api/rejections${query({ cursor, limit })}`, signal),
};
