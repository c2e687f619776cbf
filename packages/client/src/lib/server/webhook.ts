/** Verifies requests that the two webhook stacks of `examples/webhooks` send, and reads their events. */

import { readJson } from 'fanfare-protocol/json';
import * as v from 'valibot';
import { isSameText, isSignedBy } from './constant-time.ts';
import { bytesOfBase64, bytesOfText } from './encoding.ts';
import { failure } from './failure.ts';

/** A request as it arrived. */
export interface WebhookRequest {
  /** The `Headers` of `fetch`, or names with values as Node.js and API Gateway have them, in large or small letters. */
  readonly headers: { get(name: string): string | null } | Readonly<Record<string, unknown>>;
  /** As it arrived. Parsed and written again, it would be other bytes, and the signature would not fit. */
  readonly body: string | Uint8Array;
}

/** `Fanfare-webhooks`: the sender signs the id, the time and the body. */
export interface WebhookSignature {
  /** The text under the output `SecretName`, with `whsec_` in front or without it. Several while it is replaced. */
  readonly secret: string | readonly string[];
}

/** `Fanfare-api-destination`: EventBridge sends a key along. Nothing is signed, and a replay is not noticed. */
export interface WebhookApiKey {
  /** The text under the output `KeyName`. Several while it is replaced. */
  readonly apiKey: string | readonly string[];
}

/** What happened, as `docs/events.md` lists it. */
export interface WebhookEvent {
  /** The same when the event comes again: drop an event whose `id` you have had within a day. */
  readonly id: string;
  /** Such as `channel occupied`. */
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The detail of the event: its `channel`, its `user` and so on. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A receiver refuses older requests, so that an attacker cannot record one and send it again later. Seconds. */
const TOLERANCE_SECONDS = 5 * 60;

/** EventBridge takes events of 256 KB; the rest is for escapes. Bytes. */
const MOST_BYTES = 1024 * 1024;

/** Standard Webhooks asks for it. The generated secret has 48. Bytes. */
const LEAST_SECRET_BYTES = 24;

/** The key that AWS generates has 64 characters. Characters. */
const LEAST_KEY_LENGTH = 32;

/** A sender has two secrets while it replaces one. A header of this length names many more. Characters. */
const HEADER_LENGTH = 2_048;

const detail = v.looseObject({ id: v.string(), time: v.number() });

/** The body of each stack. */
const signedBody = v.object({ type: v.string(), data: detail });
const eventBridgeBody = v.pipe(
  v.object({ 'detail-type': v.string(), detail }),
  v.transform(({ 'detail-type': type, detail: data }) => ({ type, data })),
);

/**
 * The event in a request, if the request is genuine. Answer with the `status` of the error otherwise.
 *
 * With `secret` it follows Standard Webhooks: the sender knows the secret, the request is unchanged and at most five minutes old.
 * With `apiKey` the sender knows the key; that is all.
 *
 * @throws FanfareError `unauthenticated`, `bad-request` or `too-large`. It contains no secret.
 * @example
 * const { id, type, data } = await verifyWebhook({ headers: request.headers, body: await request.text() }, { secret });
 */
export async function verifyWebhook(
  request: WebhookRequest,
  proof: WebhookSignature | WebhookApiKey,
): Promise<WebhookEvent> {
  const body = bytesOfBody(request.body);
  if ('secret' in proof) await verifySignature(request, body, [proof.secret].flat());
  else await verifyApiKey(request, [proof.apiKey].flat());
  return eventOf(body, 'secret' in proof ? signedBody : eventBridgeBody);
}

function bytesOfBody(body: unknown): Uint8Array {
  if (typeof body !== 'string' && !(body instanceof Uint8Array))
    throw failure(
      'bad-request',
      'The body is the text or the bytes that arrived. In Express, use express.raw() for this route.',
    );
  const bytes = typeof body === 'string' ? bytesOfText(body) : body;
  if (bytes.length > MOST_BYTES)
    throw failure(
      'too-large',
      `A webhook has ${MOST_BYTES} bytes at most, and this one has ${bytes.length}.`,
    );
  return bytes;
}

async function verifySignature(
  { headers }: WebhookRequest,
  body: Uint8Array,
  secrets: readonly string[],
): Promise<void> {
  const keys = secrets.map(keyOf);
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    header(headers, name),
  );
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!(age <= TOLERANCE_SECONDS))
    throw failure(
      'unauthenticated',
      `The request was signed more than ${TOLERANCE_SECONDS} seconds from now. Compare this machine's clock; a repeated request is signed anew.`,
    );
  const message = new Uint8Array([...bytesOfText(`${id}.${timestamp}.`), ...body]);
  for (const signature of signaturesIn(signatures ?? ''))
    for (const key of keys) if (await isSignedBy(key, signature, message)) return;
  throw failure(
    'unauthenticated',
    'No signature fits. Compare the secret with that of the stack (output SecretName), and pass the body as it arrived.',
  );
}

/** @throws FanfareError `bad-request`: the mistake is that of the receiver. */
function keyOf(secret: unknown): Uint8Array<ArrayBuffer> {
  const key = typeof secret === 'string' ? bytesOfBase64(secret.replace(/^whsec_/, '')) : undefined;
  if (key && key.length >= LEAST_SECRET_BYTES) return key;
  throw failure(
    'bad-request',
    `The secret is not base64 of ${LEAST_SECRET_BYTES} bytes or more. Its text is in Secrets Manager, under the output SecretName.`,
  );
}

function signaturesIn(text: string): Uint8Array<ArrayBuffer>[] {
  return text
    .split(' ')
    .flatMap((part) => (part.startsWith('v1,') ? (bytesOfBase64(part.slice(3)) ?? []) : []));
}

async function verifyApiKey({ headers }: WebhookRequest, keys: readonly string[]): Promise<void> {
  if (keys.length === 0 || keys.some((key) => typeof key !== 'string' || key.length < LEAST_KEY_LENGTH))
    throw failure(
      'bad-request',
      `The API key has fewer than ${LEAST_KEY_LENGTH} characters. Its text is in Secrets Manager, under the output KeyName.`,
    );
  const given = header(headers, 'x-api-key');
  for (const key of keys) if (await isSameText(given, key)) return;
  throw failure(
    'unauthenticated',
    'The API key is another one. Compare it with that of the stack (output KeyName).',
  );
}

/** @throws FanfareError `unauthenticated` unless the request has the header once. */
function header(headers: WebhookRequest['headers'], name: string): string {
  const values = typeof headers['get'] === 'function' ? [headers['get'](name)] : valuesOf(headers, name);
  const [value] = values;
  if (values.length === 1 && typeof value === 'string' && value !== '' && value.length <= HEADER_LENGTH)
    return value;
  throw failure(
    'unauthenticated',
    `The request needs one header ${name} of at most ${HEADER_LENGTH} characters. The stack sends it; a proxy may have removed it.`,
  );
}

function valuesOf(headers: object, name: string): unknown[] {
  return Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? value : []));
}

type Body = v.GenericSchema<unknown, { type: string; data: v.InferOutput<typeof detail> }>;

function eventOf(bytes: Uint8Array, schema: Body): WebhookEvent {
  const { success, output } = v.safeParse(schema, parsed(new TextDecoder().decode(bytes)));
  if (!success)
    throw failure(
      'bad-request',
      'The body is no event of Fanfare. Choose secret or apiKey by the stack that sends it.',
    );
  const { type, data } = output;
  return { id: data.id, type, time: data.time, data };
}

function parsed(text: string): unknown {
  try {
    return readJson(text, 'The body').value;
  } catch {
    return undefined;
  }
}
