/** Reads the numbers in frames, and keeps the newest number that each channel's log has. */

import { messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';

/** Numbers count from 1 in each channel. Milliseconds since 1970. */
export interface Numbers {
  readonly from: number;
  readonly to: number;
  readonly time: number;
}

export class FrameReader {
  private readonly read = new WeakMap<Uint8Array, { readonly numbers: Numbers | undefined }>();
  private readonly begins = new Map<string, number>();
  private readonly newest = new Map<string, number>();

  /** A record is in the log from now on. */
  wrote(channel: string, seq: number): void {
    const begin = this.begins.get(channel) ?? seq - 1;
    this.begins.set(channel, begin);
    this.newest.set(channel, Math.max(this.newestOf(channel), seq - begin));
  }

  newestOf(channel: string): number {
    return this.newest.get(channel) ?? 0;
  }

  /** @returns `undefined` for a frame of a channel without a history. A frame goes to many clients and is read once. */
  numbersOf(frame: Uint8Array): Numbers | undefined {
    const known = this.read.get(frame);
    if (known) return known.numbers;
    const numbers = this.parse(frame);
    this.read.set(frame, { numbers });
    return numbers;
  }

  private parse(frame: Uint8Array): Numbers | undefined {
    const { channel, messages } = v.parse(messagesEvent, JSON.parse(new TextDecoder().decode(frame)));
    const first = messages[0];
    const last = messages.at(-1);
    const timed = messages.find((message) => 'time' in message);
    if (first?.seq === undefined || last?.seq === undefined || !timed) return undefined;
    const begin = this.begins.get(channel) ?? 0;
    return { from: first.seq - begin, to: last.seq - begin, time: timed.time };
  }
}
