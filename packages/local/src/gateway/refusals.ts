/**
 * Remembers why handshakes were refused. A browser gives a page neither status nor body of a failed upgrade, only close code 1006 (HS-7).
 * The local runtime gives the reasons to its own pages.
 */

import * as v from 'valibot';

export interface RefusedHandshake {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly status: number;
  /** A sentence. */
  readonly reason: string;
}

const MOST_REMEMBERED = 20;

/** A function logs a reason shortly before or after the refusal, so that 100 reasons are enough. */
const MOST_REASONS = 100;

/** The reasons for refusals that no function has explained, by status. */
const sentences = new Map([
  [
    400,
    'The request is not a WebSocket handshake, or the server does not speak the subprotocol that it offers.',
  ],
  [401, 'The handshake has no token, or one that is not accepted.'],
  [403, 'The server does not let this client in.'],
  [429, 'Too many connections at once: wait a moment and try again.'],
  [500, 'The authorizer failed: see what the runtime printed in its terminal.'],
  [502, 'The function of $connect failed: see what the runtime printed in its terminal.'],
  [504, 'The function of $connect took too long.'],
]);

/** A function explains a refusal by a line of JSON with these two members. */
const explanation = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ connectionId: v.string(), reason: v.string() }),
);

interface Remembered extends Omit<RefusedHandshake, 'reason'> {
  readonly connectionId: string | undefined;
  readonly reason: string | undefined;
}

export class Refusals {
  private readonly now: () => number;
  /** The newest first. */
  private readonly remembered: Remembered[] = [];
  /** By connection id. They are kept apart, because a line may arrive before or after its refusal. */
  private readonly reasons = new Map<string, string>();

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** Takes a line that a function printed. Most lines are not explanations. */
  heard(line: string): void {
    if (!line.includes('"connectionId"') || !line.includes('"reason"')) return;
    const { success, output } = v.safeParse(explanation, line);
    if (!success) return;
    this.reasons.set(output.connectionId, output.reason);
    const [oldest] = this.reasons.keys();
    if (this.reasons.size > MOST_REASONS && oldest !== undefined) this.reasons.delete(oldest);
  }

  /** @param about The connection whose function may explain it, or the reason itself. */
  refused(
    status: number,
    { connectionId, reason }: { readonly connectionId?: string; readonly reason?: string },
  ): void {
    this.remembered.unshift({ time: this.now(), status, connectionId, reason });
    this.remembered.splice(MOST_REMEMBERED);
  }

  /** The newest first. */
  list(): readonly RefusedHandshake[] {
    return this.remembered.map(({ time, status, connectionId = '', reason }) => ({
      time,
      status,
      reason: reason ?? this.reasons.get(connectionId) ?? sentences.get(status) ?? `Status ${status}.`,
    }));
  }
}
