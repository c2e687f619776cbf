/** The channels with which a stream was opened, and its positions in those that keep a history. */

import type { Retention } from '../realtime/access/namespaces.ts';
import { type Positions, printPositions } from './positions.ts';

export class StreamChannels {
  /** The retention of each channel that keeps a history. */
  readonly retentions: ReadonlyMap<string, Retention | undefined>;
  private readonly positions: Map<string, number>;
  private readonly followed = new Set<string>();

  /** @param resumedFrom the positions that the client sent, for some of the channels. */
  constructor(retentions: ReadonlyMap<string, Retention | undefined>, resumedFrom: Positions) {
    this.retentions = retentions;
    this.positions = new Map(resumedFrom);
  }

  get names(): readonly string[] {
    return [...this.retentions.keys()];
  }

  /** Where the client wants to resume. */
  resumedFrom(channel: string): number | undefined {
    return this.positions.get(channel);
  }

  /** From now on the stream itself keeps the channel in order. */
  follow(channel: string): void {
    this.followed.add(channel);
  }

  /** The number that went out last; `undefined` for a channel whose frames are only passed on. */
  positionOf(channel: string): number | undefined {
    return this.followed.has(channel) ? this.positions.get(channel) : undefined;
  }

  moveTo(channel: string, seq: number): void {
    this.positions.set(channel, seq);
  }

  /** The id of an event that goes out now. */
  get id(): string {
    return printPositions(this.positions, this.retentions.size === 1);
  }
}
