/** Text, bytes and base64, by functions that Node.js, Deno, Bun and workers share. */

const encoder = new TextEncoder();

export const bytesOfText = (text: string) => encoder.encode(text);

/** Without padding, as in JWTs. */
export function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** `undefined` if the text is not base64. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
