// The JSON of the query API: the types of CustomerSegmentation.Contracts in camelCase.

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface DistinguishingFeature {
  feature: string;
  /** Segment mean less overall mean, in standard deviations. */
  effect: number;
  typical: number;
  overall: number;
  unit: string;
}

export interface SegmentView {
  key: string;
  name: string;
  description: string;
  advice: string | null;
  size: number;
  share: number;
  monetary: number;
  monetaryShare: number;
  distinguishing: DistinguishingFeature[];
  bornInVersion: number;
}

export interface SegmentsView {
  version: number;
  segments: SegmentView[];
  customers: number;
  unassigned: number;
}

export interface SegmentFlow {
  from: string | null;
  to: string | null;
  customers: number;
}

export interface CustomerSummary {
  id: string;
  segment: string | null;
  probability: number;
  monetary: number;
  orders: number;
  lastSeen: string;
}

export interface SegmentMembership {
  key: string;
  name: string;
  probability: number;
  since: string;
  version: number;
}

export interface CustomerView {
  id: string;
  segment: SegmentMembership | null;
  features: Record<string, number>;
  traits: Record<string, string>;
  topCategories: { category: string; share: number }[];
  audiences: string[];
  /** Probabilities by question and answer. */
  encoder: { model: string; behind: boolean; probabilities: Record<string, Record<string, number>> } | null;
  sequence: number;
  firstSeen: string;
  lastSeen: string;
  asOf: string;
  joinedIds: string[];
}

export interface ModelsView {
  items: { id: string; version: string; state: string }[];
  /** Why no model is active. */
  lacking: string | null;
  encoding: {
    waiting: number;
    paused: string | null;
    sweeping: boolean;
    customers: number;
    looked: number;
    readingsPerSecond: number;
  } | null;
}

export interface SegmentTransition {
  customerId: string;
  from: string | null;
  to: string | null;
  time: string;
  version: number;
  cause: string;
}

export interface TimelineItem {
  sequence: number;
  kind: string;
  name: string | null;
  time: string;
  orderId: string | null;
  amount: number | null;
  products: number;
  productNames: string[];
  query: string | null;
  rating: number | null;
  text: string | null;
}

export interface CustomerHistory {
  id: string;
  items: TimelineItem[];
  next: number | null;
  transitions: SegmentTransition[];
}

export interface FeatureContribution {
  feature: string;
  value: number;
  typical: number;
  weight: number;
}

export interface SegmentExplanation {
  customerId: string;
  segment: SegmentMembership;
  runnerUp: SegmentMembership | null;
  contributions: FeatureContribution[];
  text: string;
}

export type SegmentationStatus = 'running' | 'ready' | 'activating' | 'active' | 'cancelled' | 'failed';

export interface SegmentCountScore {
  segmentCount: number;
  silhouette: number;
  stability: number;
  stabilityDeviation: number;
}

export interface SegmentationMetrics {
  segmentCount: number;
  meanSquaredDistance: number;
  silhouette: number;
  stability: number;
  candidates: SegmentCountScore[];
}

export interface SegmentLineage {
  change: 'kept' | 'born' | 'split' | 'merged' | 'ended';
  key: string;
  related: string[];
  retained: number | null;
}

export interface SegmentationView {
  version: number;
  status: SegmentationStatus;
  step: string;
  progress: number;
  startedAt: string;
  finishedAt: string | null;
  activatedAt: string | null;
  requestedBy: string;
  error: string | null;
  customers: number;
  referenceTime: string | null;
  metrics: SegmentationMetrics | null;
  previous: number | null;
  lineage: SegmentLineage[];
  segments: SegmentView[];
  moves: SegmentFlow[];
  alreadyRunning: boolean;
}

export interface SegmentationRequest {
  segmentCount: number | null;
  minSegments: number;
  maxSegments: number;
  activate: boolean;
  seed: number;
}

export interface RejectionView {
  id: number;
  time: string;
  source: string;
  code: string;
  reason: string;
  customerId: string | null;
  messageId: string | null;
  position: number | null;
  excerpt: string | null;
}

export interface AudienceView {
  key: string;
  name: string;
  /** The rule's JSON. */
  rule: unknown;
  revision: number;
  size: number;
  changedAt: string;
}

export interface LiveRates {
  time: string;
  eventsPerSecond: number;
  rejectionsPerSecond: number;
  transitionsPerSecond: number;
  events: number;
  rejections: number;
  customers: number;
  activeCustomers: number;
}
