/**
 * `examples/servers`: the same three calls in Python, Go and PHP. Those whose program is on this machine run against the local
 * runtime. The others are compared with the OpenAPI document, and their recipe for a token is followed and verified.
 */

import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import openApi from '../../docs/openapi.json' with { type: 'json' };
import { tokenVerifier } from '../../lambdas/identity/token-verifier.ts';
import { isInstalled } from '../installed.ts';
import { recordSecret } from '../leaks/evidence.ts';
import { Client } from '../local/client.ts';
import { listenOnLoopback } from '../loopback.ts';
import { oneSecret } from '../memory/one-secret.ts';
import { type SharedRuntime, sharedRuntime } from '../shared-runtime.ts';

const fileOf = (name: string) => fileURLToPath(new URL(`../../examples/servers/${name}`, import.meta.url));

interface Language {
  readonly name: string;
  readonly file: string;
  readonly program: string;
  readonly args: readonly string[];
  /** What a reader of the code finds out about its tokens. */
  readonly recipe: {
    /** The header as it stands in the code, with other quotes and brackets. */
    readonly header: RegExp;
    /** The names of the claims, in their order. */
    readonly claims: RegExp;
    readonly issuer: RegExp;
    readonly signature: RegExp;
    readonly serverAudience: RegExp;
  };
  /** The names of the fields of each body, in text that begins at the path. */
  readonly fields: RegExp;
}

const languages: readonly Language[] = [
  {
    name: 'Python',
    file: 'python/fanfare.py',
    program: 'python3',
    args: [],
    recipe: {
      header: /header = (\{.*\})/,
      claims: /"(iss|aud|sub|iat|exp)": /g,
      issuer: /"iss": "(\w+)"/,
      signature: /hmac\.new\(secret\.encode\(\), content\.encode\(\), hashlib\.sha256\)/,
      serverAudience: /f"\{self\.stage\}\/servers"/,
    },
    fields: /"(?!sub)(\w+)": (?:channels|data|key|user)\b/g,
  },
  {
    name: 'Go',
    file: 'go/fanfare.go',
    program: 'go',
    args: ['run'],
    recipe: {
      header: /header := `(\{.*\})`/,
      claims: /`json:"(iss|aud|sub|iat|exp)"`/g,
      issuer: /Issuer: "(\w+)"/,
      signature: /hmac\.New\(sha256\.New, \[\]byte\(secret\)\)\n\tmac\.Write\(\[\]byte\(content\)\)/,
      serverAudience: /s\.Stage\+"\/servers"/,
    },
    fields: /"(\w+)": (?:channels|data|hex|user)\b/g,
  },
  {
    name: 'PHP',
    file: 'php/fanfare.php',
    program: 'php',
    args: [],
    recipe: {
      header: /\$header = (\[.*\]);/,
      claims: /'(iss|aud|sub|iat|exp)' => /g,
      issuer: /'iss' => '(\w+)'/,
      signature: /hash_hmac\('sha256', \$content, \$secret, true\)/,
      serverAudience: /\$this->stage \. '\/servers'/,
    },
    fields: /'(?!sub)(\w+)' => \$(?:channels|data|key|user)\b/g,
  },
];

const NOW = 1_800_000_000;
const SECRET = 'the-secret-of-a-stage-that-no-AWS-account-has-ever-generated-yet';
recordSecret(SECRET);

const base64Url = (content: string) => Buffer.from(content).toString('base64url');

describe.each(languages)('the code in $name', ({ file, recipe, fields }) => {
  let code: string;

  beforeAll(async () => {
    code = await readFile(fileOf(file), 'utf8');
  });

  const found = (pattern: RegExp) => pattern.exec(code)?.[1] ?? '';

  it('makes tokens by a recipe that the backend accepts', async () => {
    const header = found(recipe.header)
      .replaceAll("'", '"')
      .replaceAll(' => ', ':')
      .replace(/^\[(.*)\]$/, '{$1}');
    const claims = [...code.matchAll(recipe.claims)].map(([, name]) => name);
    const values = { iss: found(recipe.issuer), aud: 'prod', sub: 'ann', iat: NOW, exp: NOW + 3_600 };
    const payload = JSON.stringify(
      values,
      claims.filter((name) => name !== undefined),
    );
    const content = `${base64Url(JSON.stringify(JSON.parse(header)))}.${base64Url(payload)}`;
    const signature = createHmac('sha256', SECRET).update(content).digest('base64url');
    const verify = tokenVerifier({
      audience: 'prod',
      secrets: oneSecret(SECRET),
      issuers: [],
      clockSkewSeconds: 5,
      now: () => NOW * 1000,
    });

    expect(claims).toEqual(['iss', 'aud', 'sub', 'iat', 'exp']);
    expect(code).toMatch(recipe.signature);
    expect(code).toMatch(recipe.serverAudience);
    expect(await verify(`${content}.${signature}`)).toEqual({
      user: 'ann',
      issuedAt: NOW,
      expiresAt: NOW + 3_600,
    });
  });

  it('sends requests that the OpenAPI document has', () => {
    const paths = [...code.matchAll(/post\(["'](\/\w+)["'],/g)].map(([, path = '']) => path);
    const sent = [...code.matchAll(fields)].map(([, field = '']) => field);
    const bodies = [openApi.paths['/messages'], openApi.paths['/revocations']].map(
      ({ post }) => post.requestBody.content['application/json'].schema,
    );
    const [{ properties: ofPublish } = { properties: {} }, { properties: ofRevoke } = { properties: {} }] =
      bodies;

    expect(paths).toEqual(['/messages', '/revocations']);
    expect(sent).toEqual(['channels', 'data', 'key', 'user']);
    expect(Object.keys(ofPublish)).toEqual(expect.arrayContaining(['channels', 'data', 'key']));
    expect(Object.keys(ofRevoke)).toContain('user');
    expect(openApi.components.securitySchemes.serverToken).toMatchObject({ type: 'http', scheme: 'bearer' });
    expect(code).toMatch(/Authorization["']?[:,] f?["']?Bearer /);
    expect(code).toMatch(/["']?Content-Type["']?[:,] ["']?application\/json/);
    expect(code).toMatch(/["']POST["']/);
  });
});

describe.each(languages.filter(({ program }) => isInstalled(program)))('the program in $name', (language) => {
  let shared: SharedRuntime;

  beforeAll(async () => {
    shared = await sharedRuntime();
  });

  /** @returns what the program prints, also if it fails. */
  async function run(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<string> {
    const { program, args: before, file } = language;
    const { http } = shared.runtime.urls;
    const env = { FANFARE_URL: http, FANFARE_STAGE: 'local', FANFARE_SECRET: shared.secret };
    const ended = await promisify(execFile)(program, [...before, fileOf(file), ...args], {
      env: { ...process.env, ...env, ...more },
    }).catch((failure: unknown) => failure);
    const { stdout, stderr } = v.parse(v.object({ stdout: v.string(), stderr: v.string() }), ended);
    return `${stdout}${stderr}`.trim();
  }

  it('mints a token with which a user connects, publishes to them, and revokes it', async () => {
    const user = `reader-of-${language.program}`;
    const token = await run(['token', user]);
    recordSecret(token);
    const client = await Client.open(shared.runtime.urls.websocket, ['fanfare.v1', token]);
    onTestFinished(() => client.kill());
    const results = JSON.parse(await run(['publish', `@user:${user}`, '{"text":"Hé <you>"}']));

    expect(await client.next()).toMatchObject({
      event: 'messages',
      messages: [{ data: { text: 'Hé <you>' } }],
    });
    expect(JSON.stringify(results)).toMatch(/"seq":\d+/);
    expect(await run(['revoke', user])).toMatch(/1/);
    await client.closed;
    await expect(Client.open(shared.runtime.urls.websocket, ['fanfare.v1', token])).rejects.toThrow('401');
  });

  it('sends the same message again after a failure that may pass, with the same key', async () => {
    const bodies: unknown[] = [];
    const { url, close } = await listenOnLoopback(async (request, response) => {
      bodies.push(JSON.parse(await text(request)));
      response.statusCode = [503, 429][bodies.length - 1] ?? 200;
      response.end(JSON.stringify({ results: [{ channel: 'public:a', seq: 7 }] }));
    });
    onTestFinished(close);
    await run(['publish', 'public:a', '1'], { FANFARE_URL: url });
    const [first, second, third] = bodies;

    expect(bodies).toHaveLength(3);
    expect(first).toEqual({ channels: ['public:a'], data: 1, key: expect.stringMatching(/^[\w-]{32,}$/) });
    expect([second, third]).toEqual([first, first]);
  });

  it('says why it was refused, at once and without the secret', async () => {
    const printed = await run(['publish', 'public:a', '1'], { FANFARE_SECRET: SECRET });

    expect(printed).toContain('Fanfare answered 403');
    expect(printed).not.toMatch(/eyJ|the-secret/);
  });
});
