/** Numbers in the `Detail` of an event that the JavaScript of a function would change. */

import { changedNumber } from 'fanfare-protocol/json';
import { scanJson } from 'fanfare-protocol/json-scan';

/**
 * Why the local runtime refuses a `Detail`. EventBridge carries the text unchanged, and the function that parses it sees
 * another number: a developer should learn this here, because AWS reports nothing.
 */
export function detailMistake(detail: string): string | undefined {
  const [[literal] = []] = scanJson(detail).changed.values();
  return literal === undefined ? undefined : changedNumber(literal).message;
}
