/** Counts what happens in a workload. */

/** Shares and percentiles are of what began in the span. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export class LoadTally {
  /** Posts that a broadcast wanted in the span: one for each subscriber. */
  offered = 0;
  /** Posts that were tried in the span. */
  attempts = 0;
  accepted = 0;
  /** Milliseconds that publishers waited for their reply, for publishes of the span. */
  readonly waits: number[] = [];
  /** Posts of channels without a history that were wanted, and that were accepted, in the whole run. */
  liveOffered = 0;
  liveAccepted = 0;
  disconnected = 0;
  errors = 0;
  readonly connects = { asked: 0, byGateway: 0, byLambda: 0 };
  readonly commands = { asked: 0, byGateway: 0, byLambda: 0 };
  private readonly span: Span;

  /** @param span milliseconds since 1970. */
  constructor(span: Span) {
    this.span = span;
  }

  isInSpan(time: number): boolean {
    return time >= this.span.from && time < this.span.to;
  }
}

/** @param share 0.5 for the median. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
