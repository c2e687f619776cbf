/** What packed delivery would cost for a load, so that an offer can name it where it costs less. */

import { channelCost } from './channel-cost.ts';
import type { Offer } from './charge.ts';
import { type Load, monthOf } from './load.ts';

interface PackedFrames {
  /** Of one channel. */
  readonly messagesPerSecond: number;
  /** Frames a second to each subscriber, with a window of one second. */
  readonly framesPerSecond: number;
}

/** The column "window 1 s" of the frames in `docs/benchmarks/packing.md`; a test compares them with the page. */
export const packedFrames: readonly PackedFrames[] = [
  { messagesPerSecond: 0.1, framesPerSecond: 0.08 },
  { messagesPerSecond: 0.2, framesPerSecond: 0.15 },
  { messagesPerSecond: 0.5, framesPerSecond: 0.32 },
  { messagesPerSecond: 1, framesPerSecond: 0.45 },
  { messagesPerSecond: 2, framesPerSecond: 0.6 },
  { messagesPerSecond: 5, framesPerSecond: 0.75 },
  { messagesPerSecond: 20, framesPerSecond: 0.8 },
  { messagesPerSecond: 100, framesPerSecond: 1.4 },
];

/** A smaller saving is not worth a second of latency. Share of the direct sum. */
const LEAST_SAVING = 0.1;

/** A frame that is fuller would be billed as more than one: above the highest rate, frames grow with the messages. */
function framesOf(messagesPerSecond: number): number {
  const above = packedFrames.findIndex((one) => one.messagesPerSecond >= messagesPerSecond);
  const [first, last] = [packedFrames[0], packedFrames.at(-1)];
  if (!first || !last) throw new Error('Nothing was simulated');
  if (above === -1) return messagesPerSecond * (last.framesPerSecond / last.messagesPerSecond);
  const upper = packedFrames[above] ?? last;
  const lower = packedFrames[above - 1];
  // Messages that are far apart come alone.
  if (!lower) return messagesPerSecond;
  const share =
    (messagesPerSecond - lower.messagesPerSecond) / (upper.messagesPerSecond - lower.messagesPerSecond);
  return lower.framesPerSecond + share * (upper.framesPerSecond - lower.framesPerSecond);
}

/** Dollars of a month that packed delivery with a window of one second saves; below 0 if it costs more. */
export function packedSaving(load: Load): number {
  const { channels } = monthOf(load);
  const messagesPerSecond = load.messages / 60 / channels;
  const { subscribers } = load;
  const direct = { messagesPerSecond, subscribers, framesPerSecond: messagesPerSecond, isPacked: false };
  const packed = { ...direct, framesPerSecond: framesOf(messagesPerSecond), isPacked: true };
  return channels * (channelCost(direct).total - channelCost(packed).total);
}

/** The same offer, with a note on packed delivery if that costs a tenth less. */
export function withPackedDelivery({ dollars, ...direct }: Offer, load: Load): Offer {
  const packed = dollars === undefined ? undefined : dollars - packedSaving(load);
  if (dollars === undefined || packed === undefined || packed > dollars * (1 - LEAST_SAVING))
    return { ...direct, dollars };
  const sum = packed.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return { ...direct, dollars, note: `with packed delivery and a window of 1 s, about $${sum}` };
}
