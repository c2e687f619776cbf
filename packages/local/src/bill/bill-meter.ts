/** Counts what AWS would charge for, from the start of the runtime or from the last reset. */

import { type Bill, billOf, type ChannelCounts } from './bill.ts';
import type { ConsumedCapacity, Direction, Meter } from './meter.ts';
import {
  billedStreamedBytes,
  billedTime,
  connectionMinutes,
  eventUnits,
  httpRequestUnits,
  messageUnits,
} from './metered-units.ts';
import { Tally } from './tally.ts';

type Architecture = 'arm64' | 'x86_64';

/** The properties of a function on which the price of its time depends. */
export interface FunctionSize {
  readonly name: string;
  readonly memoryMb: number;
  readonly architecture: Architecture;
}

export interface BillOptions {
  /** Times connections. Returns milliseconds since 1970. @default the computer's clock */
  readonly now?: () => number;
  /** The channel that a message is about, so that the bill can say what a channel costs. @default no message is about a channel */
  readonly channelOf?: (text: string) => string | undefined;
  /** Replaces the measured duration, so that a test gets the same bill each time. */
  readonly durationOf?: (functionName: string, measuredMs: number) => number;
}

const timeOn = { arm64: 'lambdaTimeArm', x86_64: 'lambdaTimeX86' } as const;

/** The cause that the bill shows beside connection minutes. */
const OPEN = 'open connections';

export class BillMeter implements Meter {
  private readonly now: () => number;
  private readonly durationOf: (functionName: string, measuredMs: number) => number;
  private readonly channelOf: (text: string) => string | undefined;
  private readonly tally = new Tally();
  private readonly channels = new Map<string, ChannelCounts>();
  /** The time from which each open connection is charged, by its id. */
  private readonly connectedAt = new Map<string, number>();
  private readonly functions = new Map<string, FunctionSize>();
  private since: number;

  constructor({
    now = Date.now,
    durationOf = (_name, measuredMs) => measuredMs,
    channelOf = () => undefined,
  }: BillOptions = {}) {
    this.now = now;
    this.durationOf = durationOf;
    this.channelOf = channelOf;
    this.since = now();
  }

  /** Sets the sizes by which later invocations of these functions are charged. */
  load(functions: readonly FunctionSize[]): void {
    for (const size of functions) this.functions.set(size.name, size);
  }

  message(direction: Direction, route: string, text: string): void {
    const units = messageUnits(Buffer.byteLength(text));
    this.tally.add('message', `${route}, ${direction}`, units);
    const channel = this.channelOf(text);
    if (channel === undefined) return;
    const counts = this.channels.get(channel) ?? { in: 0, out: 0 };
    counts[direction] += units;
    this.channels.set(channel, counts);
  }

  /** AWS does not say whether a handshake is charged as a message. The specification counts it as one (PX-4). */
  handshake(): void {
    this.tally.add('message', '$connect, in', 1);
  }

  connected(connectionId: string): void {
    this.connectedAt.set(connectionId, this.now());
  }

  disconnected(connectionId: string): void {
    const connectedAt = this.connectedAt.get(connectionId);
    if (connectedAt === undefined) return;
    this.connectedAt.delete(connectionId);
    this.tally.add('connectionMinute', OPEN, connectionMinutes(this.now() - connectedAt));
  }

  httpRequest(routeKey: string, bytes: number): void {
    this.tally.add('httpRequest', routeKey, httpRequestUnits(bytes));
  }

  invocation(functionName: string, durationMs: number, streamedBytes: number): void {
    const size = this.functions.get(functionName);
    if (!size) return;
    this.tally.add('lambdaRequest', functionName, 1);
    const time = billedTime(size.memoryMb, this.durationOf(functionName, durationMs));
    this.tally.add(timeOn[size.architecture], functionName, time);
    const streamed = billedStreamedBytes(streamedBytes);
    if (streamed > 0) this.tally.add('lambdaStreaming', functionName, streamed);
  }

  capacity({ kind, tableName, units }: ConsumedCapacity): void {
    // The tally counts read units in halves, because an eventually consistent read costs half a unit.
    this.tally.add(kind, tableName, kind === 'read' ? units * 2 : units);
  }

  event(busName: string, bytes: number): void {
    this.tally.add('event', busName, eventUnits(bytes));
  }

  secretCall(secretName: string): void {
    this.tally.add('secretCall', secretName, 1);
  }

  /** The bill so far. Open connections are charged up to now. */
  bill(): Bill {
    const until = this.now();
    const counts = new Tally();
    counts.addAll(this.tally);
    for (const connectedAt of this.connectedAt.values())
      counts.add('connectionMinute', OPEN, connectionMinutes(until - connectedAt));
    const memoryOf = (name: string) => this.functions.get(name)?.memoryMb;
    return billOf({ since: this.since, until, counts, memoryOf, channels: this.channels });
  }

  /** Begins a new bill. Open connections are charged from now on. */
  reset(): void {
    this.since = this.now();
    this.tally.clear();
    this.channels.clear();
    for (const connectionId of this.connectedAt.keys()) this.connectedAt.set(connectionId, this.since);
  }
}
