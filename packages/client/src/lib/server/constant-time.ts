/** Comparison of secrets in a time that does not tell how much of them is equal. */

import { bytesOfText } from './encoding.ts';

const hmac = { name: 'HMAC', hash: 'SHA-256' };

/** WebCrypto has no such comparison, but it verifies an HMAC in constant time. So both texts are signed with a random key. */
export async function isSameText(given: string, expected: string): Promise<boolean> {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const key = await crypto.subtle.importKey('raw', random, hmac, false, ['sign', 'verify']);
  const signature = await crypto.subtle.sign(hmac, key, bytesOfText(expected));
  return crypto.subtle.verify(hmac, key, signature, bytesOfText(given));
}

/** Whether a sender that knows the key has signed the message. */
export async function isSignedBy(
  secret: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', secret, hmac, false, ['verify']);
  return crypto.subtle.verify(hmac, key, signature, message);
}
