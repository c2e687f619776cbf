/** How far an app opens its own doors to pages of other origins, on a laptop: as its template says, and no further. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admits } from '../fixtures/functions.ts';
import { functionResource, functionUrlResource, httpTemplate } from '../fixtures/http-template.ts';
import { webSocketTemplate } from '../fixtures/web-socket-template.ts';
import { runTemplate } from '../local/run-template.ts';
import type { Runtime } from '../runtime.ts';
import { portOf } from './local-doors.ts';
import { type RawRequest, sendBytes } from './raw-bytes.ts';

const NAMED = 'https://app.example';
const ANY_PAGE = { Metadata: { 'fanfare-local:any-page': true } };

const ANSWERS = `export const handler = async () => ({ statusCode: 200, body: 'acted' });`;
const LETS_IN = `export const handler = async () => ({ isAuthorized: true });`;

let runtime: Runtime;

beforeAll(async () => {
  const url = (name: string, properties: object, more: object = {}) => ({
    [name]: functionResource({ code: 'answers' }),
    [`${name}Url`]: { ...functionUrlResource(name, properties), ...more },
  });
  const connect = { code: 'answers', authorizer: { code: 'admits' } };
  const more = {
    ...webSocketTemplate({ $connect: connect }).Resources,
    ...url('Closed', {}),
    ...url('Cors', { Cors: { AllowOrigins: [NAMED] } }),
    ...url('Signed', { AuthType: 'AWS_IAM' }),
    ...url('Judges', {}, ANY_PAGE),
  };
  const routes = {
    'POST /open': { code: 'answers' },
    'POST /authorized': { code: 'answers', authorizer: { code: 'letsIn' } },
  };
  const sources = { answers: ANSWERS, admits, letsIn: LETS_IN };
  runtime = await runTemplate(httpTemplate({ routes, cors: { AllowOrigins: [NAMED] } }, more), sources);
});

afterAll(() => runtime.close());

const doors: Readonly<Record<string, RawRequest>> = {
  'a function URL without CORS': { target: '/lambda-url/Closed/', lines: [] },
  'a function URL with CORS': { target: '/lambda-url/Cors/', lines: [] },
  'a function URL that wants signatures': { target: '/lambda-url/Signed/', lines: [] },
  'a function URL whose function judges': { target: '/lambda-url/Judges/', lines: [] },
  'a route without an authorizer': { method: 'POST', target: '/test/open', lines: [] },
  'a route with an authorizer': { method: 'POST', target: '/test/authorized', lines: [] },
  'a WebSocket API with an authorizer': {
    target: '/test',
    lines: [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ],
  },
};

/** The doors behind which the app itself answers such a page. */
async function openTo(...lines: readonly string[]): Promise<string[]> {
  const port = portOf(runtime.urls.http);
  const answers = await Promise.all(
    Object.entries(doors).map(async ([name, door]) => {
      const { text } = await sendBytes(port, {
        ...door,
        lines: [`Host: localhost:${port}`, ...door.lines, ...lines],
      });
      return [name, text] as const;
    }),
  );
  return answers.filter(([, text]) => !text.includes('The local runtime refuses')).map(([name]) => name);
}

describe('the doors of an app', () => {
  it('are open to every program and to pages of this machine', async () => {
    expect(await openTo()).toEqual(Object.keys(doors));
    expect(await openTo('Origin: http://localhost:3000')).toEqual(Object.keys(doors));
  });

  it('are open to a page that CORS names, and if an authorizer, a signature or a function decides', async () => {
    expect(await openTo(`Origin: ${NAMED}`)).toEqual(
      Object.keys(doors).filter((name) => name !== 'a function URL without CORS'),
    );
  });

  it.each(['https://evil.example', 'null'])(
    'are open to a page of %s only if an authorizer, a signature or a function decides',
    async (origin) => {
      expect(await openTo(`Origin: ${origin}`, 'Sec-Fetch-Site: cross-site')).toEqual([
        'a function URL that wants signatures',
        'a function URL whose function judges',
        'a route with an authorizer',
        'a WebSocket API with an authorizer',
      ]);
    },
  );

  it('are shut to a page whose browser does not name its origin, unless the door checks more than the origin', async () => {
    expect(await openTo('Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors')).toEqual([
      'a function URL that wants signatures',
      'a function URL whose function judges',
    ]);
  });
});
