/** JSON that keeps every value, or is refused. */

import { localError } from './errors.ts';

/**
 * @throws FanfareError `bad-request` if JSON cannot express the data, or something inside it: `undefined`, a function, a BigInt, a
 *   circle, `NaN` and the infinities, which `JSON.stringify` alone would turn into `null`, and objects such as bytes, a `Map` or a
 *   `Blob`, which it would turn into `{"0":1}` or `{}`. All of these have a `Symbol.toStringTag`; plain objects and those of an
 *   application's classes have none.
 */
export function jsonOf(data: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(data, function (key, value) {
      // The `toJSON` of Node's `Buffer` makes an object of numbers, about four times as long as the bytes.
      const isBytes = ArrayBuffer.isView(this[key]);
      const isChanged =
        isBytes || value?.[Symbol.toStringTag] || (typeof value === 'number' && !Number.isFinite(value));
      // `JSON.stringify` throws at a BigInt, so one takes the place of each value that it would change.
      return isChanged ? 1n : value;
    });
  } catch {}
  if (!json) throw localError('bad-request', 400);
  return json;
}
