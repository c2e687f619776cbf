/** Requests of the two webhook stacks, as `verifyWebhook` reads them; the signatures are those of the stacks' own function. */

import { FanfareError, verifyWebhook } from 'fanfare-client/server';
import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../examples/webhooks/signature.ts';
import { postWebhook } from '../../examples/webhooks/webhook.ts';
import { startReceiver } from '../examples/webhooks/receiver.ts';
import { recordSecret } from '../leaks/evidence.ts';

/** As AWS generates it: letters and digits, which are base64. */
const SECRET = 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0kLmN';
const OTHER = `z${SECRET.slice(1)}`;
for (const secret of [SECRET, OTHER]) recordSecret(secret);

const now = () => Math.floor(Date.now() / 1000);
const detail = {
  id: 'channel occupied#chat:room#7',
  time: 1_795_355_541_877,
  channel: 'chat:room',
  version: 7,
};
const BODY = JSON.stringify({
  type: 'channel occupied',
  timestamp: '2026-11-22T13:52:21.877Z',
  data: detail,
});
const EVENT = { id: detail.id, type: 'channel occupied', time: detail.time, data: detail };

function signed(body = BODY, { timestamp = now(), secret = SECRET, id = 'msg_1' } = {}) {
  const headers: Record<string, string> = {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureOf(`whsec_${secret}`, { id, timestamp }, body),
  };
  return { headers, body };
}

async function refusal(verified: Promise<unknown>) {
  const error = await verified.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FanfareError)) throw new Error('The request was accepted', { cause: error });
  for (const secret of [SECRET, OTHER]) expect(error.message).not.toContain(secret.slice(0, 12));
  return `${error.status} ${error.message}`;
}

describe('a signed webhook', () => {
  it('is genuine as the function of the stack sends it', async () => {
    await using receiver = await startReceiver();
    const event = { 'detail-type': 'channel occupied', detail };
    await postWebhook({ url: new URL(receiver.url), secret: `whsec_${SECRET}` }, event, Date.now());
    const [request] = receiver.received;
    if (!request) throw new Error('No request came');

    expect(await verifyWebhook(request, { secret: SECRET })).toEqual(EVENT);
  });

  it.each<[string, (request: ReturnType<typeof signed>) => Parameters<typeof verifyWebhook>[0]]>([
    ['the Headers of fetch', ({ headers, body }) => ({ headers: new Headers(headers), body })],
    ['names in large letters', ({ headers, body }) => ({ headers: inCapitals(headers), body })],
    ['lists of one value', ({ headers, body }) => ({ headers: inLists(headers), body })],
    ['a body of bytes', ({ headers, body }) => ({ headers, body: Buffer.from(body) })],
  ])('is genuine with %s', async (_what, form) => {
    expect(await verifyWebhook(form(signed()), { secret: `whsec_${SECRET}` })).toEqual(EVENT);
  });

  it('is genuine while its secret is replaced, on both sides', async () => {
    expect(await verifyWebhook(signed(), { secret: [OTHER, SECRET] })).toEqual(EVENT);
    const both = signed();
    const old = signed(BODY, { secret: OTHER }).headers['webhook-signature'];
    both.headers['webhook-signature'] = `v1a,abc ${old} ${both.headers['webhook-signature']}`;
    expect(await verifyWebhook(both, { secret: SECRET })).toEqual(EVENT);
  });

  it('follows the specification in its own example', async () => {
    const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const request = { headers, body: '{"test": 2432232314}' };

    // Its date is the only fault of it.
    const verified = verifyWebhook(request, { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' });
    expect(await refusal(verified)).toContain('401 The request was signed more than 300 seconds from now');
  });

  it.each([0, -290, 290])('is genuine %i seconds from now', async (seconds) => {
    expect(await verifyWebhook(signed(BODY, { timestamp: now() + seconds }), { secret: SECRET })).toEqual(
      EVENT,
    );
  });

  it.each([-310, 310, Number.NaN])('is refused %d seconds from now', async (seconds) => {
    const request = signed(BODY, { timestamp: now() + seconds });

    expect(await refusal(verifyWebhook(request, { secret: SECRET }))).toMatch(/^401 The request was signed/);
  });

  it.each<[string, Record<string, string>]>([
    ['another body', { body: BODY.replace('room', 'rom') }],
    ['another id', { 'webhook-id': 'msg_2' }],
    ['another time', { 'webhook-timestamp': String(now() - 1) }],
    ['no base64', { 'webhook-signature': 'v1,%%%' }],
    [
      'another version',
      { 'webhook-signature': signed().headers['webhook-signature']?.replace('v1', 'v2') ?? '' },
    ],
    ['an empty signature', { 'webhook-signature': 'v1,' }],
  ])('is refused with %s', async (_what, { body = BODY, ...changes }) => {
    const headers = { ...signed(BODY, { timestamp: now() }).headers, ...changes };

    expect(await refusal(verifyWebhook({ headers, body }, { secret: SECRET }))).toMatch(
      /^401 No signature fits/,
    );
  });

  it('is refused if a header is missing, comes twice, or is too long', async () => {
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      const { headers, body } = signed();
      for (const value of [undefined, '', [headers[name], headers[name]], 'x'.repeat(2_049)])
        expect(
          await refusal(verifyWebhook({ headers: { ...headers, [name]: value }, body }, { secret: SECRET })),
        ).toContain(`401 The request needs one header ${name}`);
    }
  });

  it('is refused by a receiver that passes a parsed body, or a wrong secret', async () => {
    const { headers, body } = signed();
    const parsed = { headers, body: JSON.parse(body) };

    expect(await refusal(verifyWebhook(parsed, { secret: SECRET }))).toContain('400 The body is the text');
    for (const secret of ['', 'whsec_', 'short', '%'.repeat(64), []])
      expect(await refusal(verifyWebhook(signed(), { secret }))).toMatch(/^40[01] /);
  });

  it('is refused if it is too long, or no event', async () => {
    expect(await refusal(verifyWebhook(signed('x'.repeat(1024 * 1024 + 1)), { secret: SECRET }))).toMatch(
      /^413 /,
    );
    for (const body of [
      '',
      'x',
      '{}',
      '[]',
      `${'['.repeat(70)}${']'.repeat(70)}`,
      '{"type":"a","data":{"id":1}}',
    ])
      expect(await refusal(verifyWebhook(signed(body), { secret: SECRET }))).toMatch(
        /^400 The body is no event/,
      );
  });
});

describe('a request of an API destination', () => {
  const KEY = `${'K'.repeat(63)}1`;
  recordSecret(KEY);
  const body = JSON.stringify({ 'detail-type': 'channel occupied', source: 'fanfare.prod', detail });

  it('is from EventBridge if it has the key', async () => {
    const request = { headers: { 'X-Api-Key': KEY }, body };

    expect(await verifyWebhook(request, { apiKey: KEY })).toEqual(EVENT);
    expect(await verifyWebhook(request, { apiKey: ['L'.repeat(64), KEY] })).toEqual(EVENT);
  });

  it('is refused with another key, or without one', async () => {
    for (const given of [KEY.slice(1), `${KEY}1`, 'K'.repeat(64)])
      expect(
        await refusal(verifyWebhook({ headers: { 'x-api-key': given }, body }, { apiKey: KEY })),
      ).toMatch(/^401 The API key is another one/);
    expect(await refusal(verifyWebhook({ headers: {}, body }, { apiKey: KEY }))).toMatch(/^401 .*x-api-key/);
  });

  it.each([['', []], ['K'.repeat(31)]].flat())('is refused by a receiver whose key is %j', async (apiKey) => {
    expect(await refusal(verifyWebhook({ headers: { 'x-api-key': '' }, body }, { apiKey }))).toMatch(/^400 /);
  });

  it('does not pass for a signed one', async () => {
    const request = { headers: { ...signed(body).headers, 'x-api-key': KEY }, body };

    expect(await refusal(verifyWebhook(request, { secret: SECRET }))).toMatch(/^400 The body is no event/);
  });
});

const renamed = (headers: Record<string, string>, change: (entry: [string, string]) => [string, unknown]) =>
  Object.fromEntries(Object.entries(headers).map(change));
const inCapitals = (headers: Record<string, string>) =>
  renamed(headers, ([name, value]) => [name.toUpperCase(), value]);
const inLists = (headers: Record<string, string>) => renamed(headers, ([name, value]) => [name, [value]]);
