import { describe, expect, it } from 'vitest';
import { type QuotaOptions, Quotas } from '../../../packages/local/src/gateway/quotas.ts';
import { accepts, returns } from '../../fixtures/functions.ts';
import { Client, refusalOf } from '../client.ts';
import { managed } from '../managed.ts';
import { serveHttp } from '../serve-http.ts';
import { serveRoutes } from '../serve-routes.ts';

/** Time stands still, so no bucket is refilled. */
const still = { now: () => 0 };

const only = (count: number) => ({ ratePerSecond: count, burst: count });

const UNTHROTTLED = { everyRoute: undefined, byRoute: new Map() };

/** How many of twenty thousand it lets through. */
function through(admits: () => boolean): number {
  return Array.from({ length: 20_000 }, admits).filter(Boolean).length;
}

const stageWith = (settings: object) => ({
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Api' }, StageName: 'test', ...settings },
  },
});

describe('the quotas of an account', () => {
  it('are 500 new connections at once, and 5,000 requests at once (LM-1)', () => {
    const quotas = new Quotas(still);
    const admits = quotas.stage(UNTHROTTLED);

    expect(through(() => admits('$connect'))).toBe(500);
    expect(through(() => admits('say'))).toBe(4_500);
    expect(through(quotas.admitsRequest)).toBe(0);
  });

  it('are one bucket for messages, posts and HTTP requests of all APIs (LM-1)', () => {
    const quotas = new Quotas({ ...still, requests: only(3) });
    const [one, other] = [quotas.stage(UNTHROTTLED), quotas.stage(UNTHROTTLED)];

    expect([one('say'), other('say'), quotas.admitsRequest(), one('say')]).toEqual([true, true, true, false]);
  });

  it('are not used up by messages that a route refuses', () => {
    const quotas = new Quotas({ ...still, requests: only(2) });
    const admits = quotas.stage({ everyRoute: undefined, byRoute: new Map([['say', only(1)]]) });

    expect(['say', 'say', 'say', 'ping'].map(admits)).toEqual([true, false, false, true]);
  });

  it('are lowered by the throttle of a route, or else by that of the stage (TH-1)', () => {
    const quotas = new Quotas(still);
    const admits = quotas.stage({ everyRoute: only(2), byRoute: new Map([['ping', only(3)]]) });

    expect(through(() => admits('ping'))).toBe(3);
    expect(['say', '$default', 'say'].map(admits)).toEqual([true, true, false]);
  });
});

describe('a gateway', () => {
  const quotas: QuotaOptions = { ...still, connects: only(1), requests: only(2) };

  it('refuses handshakes over the quota with 429, before anything runs (TH-4)', async () => {
    const invoked: string[] = [];
    const onInvoked = (name: string) => void invoked.push(name);
    const { url } = await serveRoutes({ $connect: accepts }, { quotas, onInvoked });
    await Client.open(url);

    expect(await refusalOf(url)).toBe(429);
    expect(invoked).toHaveLength(1);
  });

  it('sends an error about a throttled message, and leaves the connection open (ER-1)', async () => {
    const { url } = await serveRoutes({ ping: { mock: '"pong"' } }, { quotas });
    const client = await Client.open(url);
    const ping = { action: 'ping' };

    expect([await client.ask(ping), await client.ask(ping)]).toEqual([
      'pong',
      { message: 'Too Many Requests', connectionId: expect.any(String), requestId: expect.any(String) },
    ]);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  it('answers posts over the quota with 429, which the SDK calls LimitExceededException (LM-1, MG-10)', async () => {
    const { http } = await serveRoutes({}, { quotas: { ...quotas, requests: only(1) } });
    const post = () => managed(`${http}/@connections/AAAAAAAAAAAAAAA=`, { method: 'POST', body: 'x' });

    expect(await post()).toMatchObject({ status: 410 });
    const throttled = await post();

    expect([throttled.status, throttled.headers.get('x-amzn-ErrorType')]).toEqual([
      429,
      'LimitExceededException',
    ]);
  });

  it('answers HTTP requests over the quota with 429 (LM-1)', async () => {
    const { url } = await serveHttp({ 'GET /': returns('here') }, { options: { quotas } });

    expect(await statuses([url, url, url])).toEqual([200, 200, 429]);
  });

  it('throttles as its stage says (TH-1, TH-4)', async () => {
    const settings = { RouteSettings: { $connect: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } } };
    const { url } = await serveRoutes({}, { quotas: still }, stageWith(settings));
    await Client.open(url);

    expect(await refusalOf(url)).toBe(429);
  });

  it('ignores the throttle settings of the stage if the runtime has no quotas', async () => {
    const settings = { DefaultRouteSettings: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } };
    const { url } = await serveRoutes({ ping: { mock: '"pong"' } }, {}, stageWith(settings));
    const clients = [await Client.open(url), await Client.open(url)];

    for (const client of clients) expect(await client.ask({ action: 'ping' })).toBe('pong');
  });
});

describe('a stage that throttles to zero', () => {
  it.each([
    ['both', { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 }],
    ['one, and leaves out the other (CD-7)', { ThrottlingRateLimit: 100 }],
  ])('causes a warning at start: %s (TH-3)', async (_what, DefaultRouteSettings) => {
    const notes: string[] = [];
    const options = { onNote: (note: string) => void notes.push(note) };
    await serveRoutes({}, options, stageWith({ DefaultRouteSettings }));

    expect(notes).toEqual([
      'The stage test throttles every route to 0: on AWS it answers everything with 429.',
    ]);
  });

  it('refuses every handshake with 429 if the runtime has quotas (TH-3)', async () => {
    const settings = { DefaultRouteSettings: { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 } };
    const { url } = await serveRoutes({}, { quotas: {} }, stageWith(settings));

    expect(await refusalOf(url)).toBe(429);
  });
});

async function statuses(urls: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  for (const url of urls) found.push((await fetch(url)).status);
  return found;
}
