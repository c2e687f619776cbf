/** The message that is delivered. */

export const FRAME_BYTES = 200;

export const frame = Buffer.from(
  JSON.stringify({ event: 'messages', channel: 'open:bench' }).padEnd(FRAME_BYTES),
);
