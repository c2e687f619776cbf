/** Attacks of a website on a local runtime, by raw requests: some as a browser sends them, and some that no browser would send. */

import { readdirSync, readFileSync } from 'node:fs';
import { Server } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Runtime, startRuntime } from '../runtime.ts';
import { type LocalDoor, localDoors, portOf } from './local-doors.ts';
import { type RawAnswer, type RawRequest, sendBytes } from './raw-bytes.ts';

/** How each sentence of the guard begins. */
const GUARD = 'The local runtime refuses';

let runtime: Runtime;
let doors: readonly (readonly [name: string, door: LocalDoor])[];
let port: number;
const listening = new Set<Server>();

beforeAll(async () => {
  // The test watches `listen` itself, so that it finds every server of this process.
  const listen = vi.spyOn(Server.prototype, 'listen');
  runtime = await startRuntime();
  for (const server of listen.mock.contexts) if (server instanceof Server) listening.add(server);
  listen.mockRestore();
  doors = Object.entries(localDoors(runtime));
  port = portOf(runtime.urls.http);
});

afterAll(() => runtime.close());

function isRefused({ status, text }: RawAnswer): boolean {
  return status === 403 && text.includes(GUARD);
}

/** Which doors the guard keeps shut for a request with these lines more. */
async function refusedWith(
  lines: (door: LocalDoor) => readonly string[],
  change: (door: LocalDoor) => Partial<RawRequest> = () => ({}),
): Promise<string[]> {
  const answers = await Promise.all(
    doors.map(async ([name, door]) => {
      const request = { ...door, ...change(door), lines: [...lines(door), ...door.lines] };
      return [name, await sendBytes(door.port, request)] as const;
    }),
  );
  return answers.filter(([, answer]) => isRefused(answer)).map(([name]) => name);
}

const namesOf = (...callers: readonly LocalDoor['callers'][]) =>
  doors.filter(([, door]) => callers.includes(door.callers)).map(([name]) => name);
const everyDoor = () => namesOf('app', 'page', 'program');

/** The host of a request to this port. */
const here = (door: LocalDoor) => `Host: localhost:${door.port}`;

describe('a request for this machine', () => {
  it.each([
    ['localhost with the port', (door: LocalDoor) => here(door)],
    ['127.0.0.1', (door: LocalDoor) => `Host: 127.0.0.1:${door.port}`],
    ['[::1]', (door: LocalDoor) => `Host: [::1]:${door.port}`],
    ['LOCALHOST, because names have no case', (door: LocalDoor) => `hOST: LOCALHOST:${door.port}`],
    ['localhost without a port', () => 'Host: localhost'],
  ])('passes every door: %s', async (_which, host) => {
    expect(await refusedWith((door) => [host(door)])).toEqual([]);
  });

  it('passes although a proxy names another host', async () => {
    expect(await refusedWith((door) => [here(door), 'X-Forwarded-Host: evil.example'])).toEqual([]);
  });
});

describe('a request for another host passes no door', () => {
  it.each([
    ['a name that leads here (DNS rebinding)', ['evil.example']],
    ['the same, with the port', [`evil.example:8080`]],
    ['a name that begins like this machine', ['localhost.evil.example']],
    ['an address that begins like this machine', ['127.0.0.1.evil.example']],
    ['a name that ends like this machine', ['evil-localhost']],
    ['a name below localhost', ['evil.localhost']],
    ['a dot at the end', ['localhost.']],
    ['userinfo that names this machine', ['localhost@evil.example']],
    ['userinfo before this machine', ['evil.example@localhost']],
    ['a path', ['localhost/evil.example']],
    ['the unspecified address', ['0.0.0.0']],
    ['a short form of the address', ['127.1']],
    ['another address of this machine', ['127.0.0.2']],
    ['the address as a number', ['2130706433']],
    ['IPv6 without brackets', ['::1']],
    ['IPv6 spelled out', ['[0:0:0:0:0:0:0:1]']],
    ['IPv4 within IPv6', ['[::ffff:127.0.0.1]']],
    ['a zone', ['[::1%25lo]']],
    ['a port that is none', ['localhost:x']],
    ['an empty name', ['']],
    ['the host of a deployed API that is not served here', ['other.execute-api.us-east-1.amazonaws.com']],
    ['two hosts, the first of which is this machine', ['localhost', 'evil.example']],
    ['two hosts, the last of which is this machine', ['evil.example', 'localhost']],
    ['the same host twice', ['localhost', 'localhost']],
    ['two hosts in one line', ['localhost, evil.example']],
    ['none at all', []],
  ])('%s', async (_which, hosts) => {
    expect(await refusedWith(() => hosts.map((host) => `Host: ${host}`))).toEqual(everyDoor());
  });

  it('without a host, in HTTP/1.0', async () => {
    expect(
      await refusedWith(
        () => [],
        () => ({ version: '1.0' }),
      ),
    ).toEqual(everyDoor());
  });

  it('with another host in the request line, which counts more than the header', async () => {
    const absolute = ({ target }: LocalDoor) => ({ target: `http://evil.example${target}` });

    expect(await refusedWith((door) => [here(door)], absolute)).toEqual(everyDoor());
  });

  it('with this machine in X-Forwarded-Host', async () => {
    expect(await refusedWith(() => ['Host: evil.example', 'X-Forwarded-Host: localhost'])).toEqual(
      everyDoor(),
    );
  });

  it('with a host of IPv6', async () => {
    const door = { target: '/console/', lines: ['Host: evil.example'] };

    expect(isRefused(await sendBytes(port, door, '::1'))).toBe(true);
  });

  it('and gets a sentence that says why, and what to do', async () => {
    const { text } = await sendBytes(port, { target: '/local-api/bill', lines: ['Host: evil.example'] });

    expect(JSON.parse(text.slice(text.indexOf('{')))).toEqual({
      message:
        'The local runtime refuses a request for the host evil.example, because it answers for this machine only: ask for localhost or 127.0.0.1.',
    });
  });
});

describe('a page', () => {
  const FOREIGN = [
    ['of another site', ['Origin: https://evil.example', 'Sec-Fetch-Site: cross-site']],
    ['of another site, in an old browser', ['Origin: https://evil.example']],
    ['that reads without saying where it is from', ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors']],
    [
      'in a frame that shows an address here',
      ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'],
    ],
    ['in a sandbox', ['Origin: null', 'Sec-Fetch-Site: cross-site']],
    ['from a file', ['Origin: null']],
    ['of a site whose name begins like this machine', ['Origin: http://localhost.evil.example']],
    ['of two sites', ['Origin: http://localhost:3000', 'Origin: https://evil.example']],
  ] as const;

  it.each(FOREIGN)('%s passes no door that exists on this machine only', async (_which, lines) => {
    const refused = await refusedWith((door) => [here(door), ...lines]);

    expect(refused).toEqual(expect.arrayContaining(namesOf('page', 'program')));
  });

  it.each(FOREIGN)('%s passes no door of the app either', async (_which, lines) => {
    const answers = await Promise.all(
      doors
        .filter(([, { callers }]) => callers === 'app')
        .map(async ([name, door]) => {
          const request = { ...door, lines: [here(door), ...lines, ...door.lines] };
          return [name, (await sendBytes(door.port, request)).status];
        }),
    );

    expect(answers.filter(([, status]) => status !== 401 && status !== 403)).toEqual([]);
  });

  it.each(['http://localhost:5173', 'https://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
    'of a server on this machine reaches only the app: %s',
    async (origin) => {
      const refused = await refusedWith((door) => [
        here(door),
        `Origin: ${origin}`,
        'Sec-Fetch-Site: same-site',
      ]);

      expect(refused).toEqual(namesOf('page', 'program'));
    },
  );

  it('of the runtime itself reads the doors for pages, and none of the doors for programs', async () => {
    const lines = (door: LocalDoor) => [here(door), `Origin: http://localhost:${door.port}`];

    expect(await refusedWith(lines)).toEqual(namesOf('program'));
    expect(await refusedWith((door) => [...lines(door), 'Sec-Fetch-Site: same-origin'])).toEqual(
      namesOf('program'),
    );
  });

  it('may be opened by a link from anywhere, because no other page reads it', async () => {
    const link = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];

    expect(
      (await sendBytes(port, { target: '/console/', lines: [`Host: localhost:${port}`, ...link] })).status,
    ).toBe(200);
  });

  it('gets no permission in the answer to a preflight', async () => {
    const asks = (door: LocalDoor) => [
      here(door),
      'Origin: https://evil.example',
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: x-amz-target,authorization',
    ];
    const answers = await Promise.all(
      doors.map(([, door]) =>
        sendBytes(door.port, { method: 'OPTIONS', target: door.target, lines: asks(door) }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(doors.map(() => 403));
    expect(answers.filter(({ text }) => /access-control-allow/i.test(text))).toEqual([]);
  });
});

describe('a request that every page may send without asking (a simple one)', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])(
    'starts no function and reaches no service of AWS, even without any mark of a browser: %s',
    async (type) => {
      const programs = doors.filter(([, { callers }]) => callers === 'program');
      const answers = await Promise.all(
        programs.map(([, door]) =>
          sendBytes(door.port, {
            ...door,
            lines: [here(door), ...(type === undefined ? [] : [`Content-Type: ${type}`])],
          }),
        ),
      );

      // The management API itself refuses unsigned requests.
      expect(answers.filter(({ status }) => status !== 403)).toEqual([]);
    },
  );
});

describe('everything that listens', () => {
  it('is behind the guard', async () => {
    const addresses = [...listening].map((server) => server.address());
    const refused = await Promise.all(
      addresses.map(async (address) => {
        if (typeof address !== 'object' || !address) return [];
        const lines = ['Host: evil.example'];
        const upgrade = [...lines, 'Connection: Upgrade', 'Upgrade: websocket'];
        const requests = ['GET', 'POST', 'OPTIONS', 'DELETE'].map((method) => ({
          method,
          target: '/',
          lines,
        }));
        const answers = [...requests, { target: '/', lines: upgrade }].map((request) =>
          sendBytes(address.port, request, address.address),
        );
        return (await Promise.all(answers)).map(isRefused);
      }),
    );

    // The port of the APIs, on IPv4 and, if the machine has it, on IPv6, and the port of DynamoDB.
    expect(addresses.length).toBeGreaterThanOrEqual(2);
    expect(refused).toEqual(addresses.map(() => Array.from({ length: 5 }, () => true)));
  });

  it('was made by the guard: no other module makes a server, or listens to its requests', () => {
    const project = fileURLToPath(new URL('../../', import.meta.url));
    const sources = ['packages/local', 'bin', 'lib', 'console']
      .flatMap((folder) =>
        readdirSync(path.join(project, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
          path.join(folder, name),
        ),
      )
      // A build of the package has the same modules once more.
      .filter((name) => /\.(?:ts|mjs|js)$/.test(name) && !name.includes(`${path.sep}dist${path.sep}`));
    const makers = sources.filter((name) =>
      /\bcreateServer\b|new WebSocketServer\(\{ (?!noServer)|\.on\('(?:request|upgrade)'/.test(
        readFileSync(path.join(project, name), 'utf8'),
      ),
    );

    expect(makers).toEqual([path.join('packages', 'local', 'src', 'guard', 'guarded-server.ts')]);
  });
});
