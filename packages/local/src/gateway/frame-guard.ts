/** Watches the raw bytes of a socket for a frame over the limit: `ws` only limits whole messages (LM-4). */

/** The first two bytes, and the mask of every client frame (RFC 6455, section 5.2). */
const SHORTEST_HEADER = 2 + 4;

/** The length has seven bits. Two of its values announce a longer field. */
const LENGTH_BITS = 0x7f;
const EXTENDED_LENGTH_BYTES = new Map([
  [126, 2],
  [127, 8],
]);

/** A listener for the socket's data. It calls `onTooBig` at the header of the first frame over the limit. */
export function frameGuard(limit: number, onTooBig: () => void): (chunk: Buffer) => void {
  let header: number[] = [];
  let payloadLeft = 0;
  let done = false;

  return function watchFrames(chunk) {
    for (let at = 0; at < chunk.length && !done; ) {
      if (payloadLeft > 0) {
        const skipped = Math.min(payloadLeft, chunk.length - at);
        payloadLeft -= skipped;
        at += skipped;
        continue;
      }
      header.push(chunk.readUInt8(at++));
      if (header.length < headerLength(header)) continue;
      payloadLeft = payloadLength(header);
      header = [];
      if (payloadLeft <= limit) continue;
      done = true;
      onTooBig();
    }
  };
}

function headerLength([, second = 0]: readonly number[]): number {
  return SHORTEST_HEADER + (EXTENDED_LENGTH_BYTES.get(second & LENGTH_BITS) ?? 0);
}

function payloadLength([, second = 0, ...rest]: readonly number[]): number {
  const short = second & LENGTH_BITS;
  const bytes = EXTENDED_LENGTH_BYTES.get(short);
  return bytes === undefined ? short : rest.slice(0, bytes).reduce((length, byte) => length * 256 + byte, 0);
}
