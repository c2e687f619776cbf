/**
 * The text that a signature covers, byte for byte as the SDK's signer writes it.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

import { decodeSegment } from '../web/path-segment.ts';

/** The parts of a received request that a signature may cover. */
export interface ReceivedRequest {
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly rawQueryString: string;
  /** By a lower-case name. The values of a repeated header are joined by commas. */
  readonly header: (name: string) => string | undefined;
}

/**
 * @param names of the signed headers, in alphabetical order.
 * @returns `undefined` if a signed header did not arrive.
 */
export function canonicalRequest(
  { method, path, rawQueryString, header }: ReceivedRequest,
  names: readonly string[],
  bodyHash: string,
): string | undefined {
  let canonical = `${method}\n${canonicalPath(path)}\n${canonicalQuery(rawQueryString)}\n`;
  for (const name of names) {
    const value = header(name);
    if (value === undefined) return undefined;
    canonical += `${name}:${withoutSpaces(value)}\n`;
  }
  return `${canonical}\n${names.join(';')}\n${bodyHash}`;
}

const SPACES = /[ \t]/;

/** White space at both ends, and runs of spaces in between. */
function withoutSpaces(value: string): string {
  return SPACES.test(value) ? value.replaceAll(/[ \t]+/g, ' ').replaceAll(/^ | $/g, '') : value;
}

/** A common path, in which only the percent sign has to be encoded. Empty segments and leading dots are handled below. */
const PLAIN_PATH = /^(?:\/[\w~%-][\w.~%-]*)+\/?$/;

/** For every service except S3, the signed path is encoded once more than the sent path (MG-5). */
function canonicalPath(path: string): string {
  if (PLAIN_PATH.test(path)) return path.replaceAll('%', '%25');
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encoded(segment));
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

type Pair = readonly [name: string, value: string];

/** Decodes and encodes again, because a client may encode fewer characters than a signature. A plus sign is not a space. */
function canonicalQuery(rawQueryString: string): string {
  if (rawQueryString === '') return '';
  return rawQueryString
    .split('&')
    .filter((text) => text !== '')
    .map(pairOf)
    .sort(byNameThenValue)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function pairOf(text: string): Pair {
  const [name = '', ...value] = text.split('=');
  return [encoded(decodeSegment(name)), encoded(decodeSegment(value.join('=')))];
}

function byNameThenValue([name, value]: Pair, [otherName, otherValue]: Pair): number {
  return compared(name, otherName) || compared(value, otherValue);
}

/** Sorts by code units. */
function compared(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** A signature encodes five characters that `encodeURIComponent` leaves. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
