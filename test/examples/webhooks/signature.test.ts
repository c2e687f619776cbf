import { describe, expect, it } from 'vitest';
import { isGenuine, signatureOf } from '../../../examples/webhooks/signature.ts';

/** The example of the specification's own libraries. */
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const timestamp = 1614265330;
const body = '{"test": 2432232314}';
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

const headers = {
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signature,
};
const now = timestamp * 1000;

describe('a signature', () => {
  it('equals that of Standard Webhooks', () => {
    expect(signatureOf(secret, { id, timestamp }, body)).toBe(signature);
  });

  it('makes a request genuine, for five minutes before and after', () => {
    expect(isGenuine(secret, headers, body, now)).toBe(true);
    expect(isGenuine(secret, headers, body, now + 300_000)).toBe(true);
    expect(isGenuine(secret, headers, body, now - 300_000)).toBe(true);
    expect(isGenuine(secret, headers, body, now + 301_000)).toBe(false);
    expect(isGenuine(secret, headers, body, now - 301_000)).toBe(false);
  });

  it('beside others makes a request genuine, too', () => {
    const several = { ...headers, 'webhook-signature': `v1,bm9uZQ== ${signature}` };

    expect(isGenuine(secret, several, body, now)).toBe(true);
  });

  it.each([
    ['another secret', { secret: 'whsec_AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }],
    ['another body', { body: '{"test": 2432232315}' }],
    ['another id', { headers: { ...headers, 'webhook-id': 'msg_other' } }],
    ['another time', { headers: { ...headers, 'webhook-timestamp': String(timestamp + 1) } }],
    ['another version', { headers: { ...headers, 'webhook-signature': signature.replace('v1', 'v2') } }],
    ['half a signature', { headers: { ...headers, 'webhook-signature': signature.slice(0, 20) } }],
    ['no signature', { headers: { 'webhook-id': id, 'webhook-timestamp': String(timestamp) } }],
    ['no time', { headers: { 'webhook-id': id, 'webhook-signature': signature } }],
    ['nothing', { headers: {} }],
  ])('does not make a request genuine that has %s', (_what, changed) => {
    const request = { secret, headers, body, ...changed };

    expect(isGenuine(request.secret, request.headers, request.body, now)).toBe(false);
  });
});
