/** Bytes in messages: JSON has none, so they travel as base64 text in an envelope, which every receiver can recognize. */

/** The envelope of bytes, as it stands in the data of a message. */
export interface BytesEnvelope {
  /** The bytes in base64, with padding (RFC 4648, section 4). */
  readonly base64: string;
}

/** `String.fromCharCode` takes its characters as arguments, of which a platform allows some ten thousand. */
const AT_ONCE = 8_192;

/**
 * Puts bytes into an envelope. Base64 is a third longer: 24,000 bytes fit into a frame of 32 KB, and 96,000 into a message of 128 KB.
 *
 * @example
 * await channel.publish({ name: file.name, content: enveloped(new Uint8Array(await file.arrayBuffer())) });
 */
export function enveloped(bytes: Uint8Array): BytesEnvelope {
  let text = '';
  for (let start = 0; start < bytes.length; start += AT_ONCE)
    text += String.fromCharCode(...bytes.subarray(start, start + AT_ONCE));
  return { base64: btoa(text) };
}

/**
 * The bytes of an envelope.
 *
 * @throws TypeError if the data is no such envelope, or its text is not base64.
 * @example
 * channel.subscribe(({ data }) => isEnvelope(data) && show(bytesOf(data)));
 */
export function bytesOf(data: unknown): Uint8Array {
  if (!isEnvelope(data)) throw new TypeError('The data is not an envelope of bytes.');
  try {
    return Uint8Array.from(atob(data.base64), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new TypeError('The text of the envelope is not base64.', { cause });
  }
}

/** Whether the data is an envelope of bytes: an object with the text `base64`, and nothing else. */
export function isEnvelope(data: unknown): data is BytesEnvelope {
  if (typeof data !== 'object' || data === null) return false;
  return 'base64' in data && typeof data.base64 === 'string' && Object.keys(data).length === 1;
}
