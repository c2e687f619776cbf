import { describe, expect, it, vi } from 'vitest';
import { APP, handshake, newToken, SECRET, start } from './authorizer.ts';

describe('the log of the authorizer', () => {
  /** The lines that the handshakes left, which are searched as they are. */
  async function logOf(...events: readonly ReturnType<typeof handshake>[]): Promise<string[]> {
    const handler = await start({ POWERTOOLS_LOG_LEVEL: 'INFO' });
    const lines: string[] = [];
    const streams = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0),
    );
    try {
      for (const event of events) await handler(event).catch(() => {});
    } finally {
      for (const stream of streams) stream.mockRestore();
    }
    return lines;
  }

  it('has one line for a refusal, with these fields and no others', async () => {
    const refused = handshake({}, { token: await newToken({ audience: 'dev' }) });
    const lines = await logOf(refused, handshake({ Origin: 'https://evil.com' }));
    const fields = { level: 'INFO', message: 'A handshake was refused', service: 'authorize' };
    const always = { timestamp: expect.any(String), sampling_rate: 0, connectionId: 'L0SM9cOFvHcCIhw=' };

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        ...fields,
        ...always,
        kind: 'unauthorized',
        code: 'claim aud',
        reason: expect.stringMatching(/^The token is for another stage, .*\.$/),
      },
      {
        ...fields,
        ...always,
        kind: 'forbidden',
        code: 'origin',
        reason: expect.stringMatching(/^Pages of this website may not connect: .*\.$/),
      },
    ]);
  });

  it('has no line for a client that is let in', async () => {
    expect(await logOf(handshake(), handshake({}, { token: await newToken() }))).toEqual([]);
  });

  it('shows neither a token nor another text of a client, for every outcome', async () => {
    const user = 'zoe@example.com';
    const Origin = 'https://evil.com';
    const headers = { 'User-Agent': 'Agent/1.0', Cookie: 'a=cookie', 'X-Forwarded-For': '203.0.113.9' };
    const value = 'value-of-a-query';
    const tokens = await Promise.all([
      newToken({ user }),
      newToken({ user, audience: 'dev' }),
      newToken({ user, expiresAt: 1 }),
      newToken({ user }, 'another-secret-another-secret-another-secret'),
      newToken({ user: user.repeat(20) }),
    ]);
    const events = tokens.flatMap((token) => [
      handshake(headers, { token, more: value }),
      handshake({ ...headers, Origin }, { token }),
      handshake({ ...headers, authorization: `Bearer ${token.slice(0, -1)}` }),
      handshake({ ...headers, authorization: `Bearer ${token}` }, { token: value }),
      handshake({ ...headers, 'Sec-WebSocket-Protocol': `fanfare.v1, ${token}.x` }),
    ]);
    const lines = await logOf(...events);

    // Only the first of all is let in.
    expect(lines).toHaveLength(events.length - 1);
    const parts = tokens.flatMap((token) => [token, ...token.split('.')]);
    const unwanted = [...parts, ...Object.values(headers), user, Origin, value, APP, SECRET];
    expect(unwanted.filter((text) => lines.join('').includes(text))).toEqual([]);
  });
});
