/** What the source publishes and the page draws. */

import * as v from 'valibot';

export const measurement = v.object({
  /** Milliseconds since 1970. */
  at: v.number(),
  orders: v.number(),
  replyMs: v.number(),
});

export type Measurement = v.InferOutput<typeof measurement>;

/** Made up: two waves and some noise. */
export function measure(at: number): Measurement {
  const wave = (seconds: number) => Math.sin((2 * Math.PI * at) / (1_000 * seconds));
  const orders = Math.round(120 + 40 * wave(60) + 10 * wave(7) + 12 * Math.random());
  return { at, orders, replyMs: Math.round(30 + orders / 4 + 15 * wave(11) + 10 * Math.random()) };
}
