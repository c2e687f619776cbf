/** Every code block that a reader may paste, by its page and its first line, and how it is tried. */

import type { Way } from './ways.ts';

const CLIENT = `
import type { Message } from 'fanfare-protocol/actions';
import { connect, type ConnectionState } from 'fanfare-client';
declare function fetchToken(): Promise<string>;
`;

const CONNECTED = `${CLIENT}
declare const connection: ReturnType<typeof connect>;
declare function show(message: Message): void;
`;

/** As soon as an event stream is subscribed, which its first event says. */
const SAY_HELLO = `
await new Promise((subscribed) => events.addEventListener('message', subscribed, { once: true }));
const other = new WebSocket('ws://localhost:8080/local', ['fanfare.v1']);
other.onopen = () => other.send(JSON.stringify({ action: 'publish', channel: 'open:lobby', data: 'Hello' }));
`;

const AWS = 'It needs credentials of AWS.';
const BUILDS = 'It installs the project, or runs all of its tests.';

export const ways: Readonly<Record<string, Way>> = {
  'README.md: npm ci && npm start': { way: 'not run', why: BUILDS },
  'README.md: npm ci && npm test': { way: 'not run', why: BUILDS },
  "README.md: globalThis.WebSocket ??= (await import('ws')).WebSocket; // Node.js before 22 has none.": {
    way: 'browser',
    prints: 'Hello',
    alsoInNode: true,
  },
  "README.md: npm run -s token -- --user ann --channel 'chat:*=subscribe,publish'": {
    way: 'shell',
    prints: 'eyJ',
  },
  'README.md: TOKEN=$(npm run -s token -- --server --user billing)': {
    way: 'shell',
    prints: '"public:news"',
  },
  'README.md: npm run -s preflight -- --stage prod   # what this account would refuse or starve; it only reads':
    { way: 'not run', why: AWS },

  'docs/security.md: npm run -s replace-secret -- --stage prod': { way: 'not run', why: AWS },

  'docs/data.md: npm run -s export -- --stage prod --user ann > ann.json': { way: 'not run', why: AWS },
  'docs/data.md: aws dynamodb restore-table-to-point-in-time --source-table-name "$OLD" --target-table-name "$OLD-restored" \\':
    {
      way: 'not run',
      why: AWS,
    },

  "packages/client/README.md: import { connect } from 'fanfare-client';": {
    way: 'program',
    before: "import { WebSocket } from 'ws';\nObject.assign(globalThis, { WebSocket });",
    prints: "{ text: 'hello' }",
  },
  'packages/client/README.md: npm pack -w fanfare-client': {
    way: 'not run',
    why: 'test/packages/fanfare-client.test.ts runs this command, and installs what it writes.',
  },
  'packages/client/README.md: <script type="module">': {
    way: 'not run',
    why: 'test/packages/fanfare-client.test.ts runs this block, in a page beside the file of the package.',
  },
  'packages/local/README.md: npm pack -w fanfare-local': {
    way: 'not run',
    why: 'test/packages/fanfare-local.test.ts runs this command, and unpacks what it writes.',
  },
  "packages/local/README.md: import { startRuntime } from 'fanfare-local';": {
    way: 'not run',
    why: 'test/packages/fanfare-local.test.ts runs this block beside the package, in the folder of an app.',
  },
  'packages/local/README.md: npx fanfare-local': {
    way: 'not run',
    why: 'They run the app of a reader; test/packages/fanfare-local.test.ts serves another one.',
  },

  'docs/aws-observed.md: npm run -s smoke -- --stage dev --json smoke-dev.json': {
    way: 'not run',
    why: AWS,
  },

  'docs/bill-meter.md: npm start -- --bill                                     # prints the bill at the end':
    {
      way: 'shell',
      prints: '"lines"',
      except: { 'npm start': 'The runtime runs already; test/e2e/start.test.ts starts it with --bill.' },
    },

  "docs/client.md: import { WebSocket } from 'ws';": { way: 'program', prints: "{ text: 'hello' }" },
  "docs/client.md: const connection = connect('wss://example.com/live', { token: () => fetchToken() });": {
    way: 'fragment',
    before: `${CLIENT}
import { messagesOf } from 'fanfare-client/history';
declare function showState(state: ConnectionState): void;
declare function show(from: string | undefined, data: unknown): void;
declare function update(data: unknown): void;
declare function reload(): void;
declare const savedPosition: number;
`,
  },
  'docs/client.md: const row = draw({ id: crypto.randomUUID(), text });': {
    way: 'fragment',
    before: `import { connect } from 'fanfare-client';
interface Said { readonly id: string; readonly text: string }
const chat = connect('wss://example.com/live').channel<Said>('chat:room');
const text = 'hello';
declare function draw(said: Said): Said;
declare function replaceOrAppend(id: string, said: Said, from: string | undefined): void;
declare function markUnsent(said: Said): void;
`,
  },
  "docs/client.md: import { WebSocket } from 'ws'; // Node.js before 22": {
    way: 'program',
    prints: 'websocket',
  },
  "docs/client.md: import { connect } from 'fanfare-client';": {
    way: 'program',
    before: "import { WebSocket } from 'ws';\nObject.assign(globalThis, { WebSocket });",
    prints: 'Uint8Array(3) [ 70, 97, 110 ]',
  },
  "docs/client.md: import { FanfareProvider, useChannel, useConnection, useMembers } from 'fanfare-client/react';":
    {
      way: 'fragment',
      before: "import { connect } from 'fanfare-client';\ndeclare function fetchToken(): Promise<string>;",
    },

  'docs/deploy-checks.md: npx vitest run test/lib/deploy-checks': {
    way: 'not run',
    why: 'These tests run beside this one.',
  },

  'docs/edge.md: edge: {': {
    way: 'fragment',
    before: "import type { StageSettings } from './lib/settings/stage-settings.ts';\nexport default {",
    behind: "} satisfies Pick<StageSettings, 'edge'>;",
  },

  "docs/into-your-app.md: import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';": {
    way: 'not run',
    why: 'test/packages/fanfare.test.ts makes an app of this block, runs it, and synthesizes it.',
  },
  "docs/into-your-app.md: import { defineConfig, type NamespacePolicy } from 'fanfare/config';": {
    way: 'not run',
    why: 'test/packages/fanfare.test.ts makes an app of this block, runs it, and synthesizes it.',
  },
  "docs/into-your-app.md: import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';":
    {
      way: 'not run',
      why: 'test/packages/fanfare.test.ts makes an app of this block, runs it, and synthesizes it.',
    },
  'docs/into-your-app.md: npx fanfare token --user ann': {
    way: 'not run',
    why: 'test/packages/fanfare.test.ts runs this command in the app.',
  },
  'docs/into-your-app.md: realtime.webSocketUrl; // for clients': {
    way: 'fragment',
    before: `
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { Fanfare } from 'fanfare';
declare const realtime: Fanfare;
declare const rooms: ITable;
declare const [signIn, announce, support, welcome]: readonly [Function, Function, Function, Function];
`,
  },
  "docs/into-your-app.md: new Fanfare(stack, 'Support', { config: 'support/fanfare.config.ts' });": {
    way: 'not run',
    why: 'test/packages/fanfare.test.ts makes an app of this block, runs it, and synthesizes it.',
  },
  "docs/alarms.md: new Fanfare(this, 'Realtime', {": {
    way: 'fragment',
    before: `
import { Stack } from 'aws-cdk-lib';
import { Fanfare } from 'fanfare';
export class Shop extends Stack {
  add(): void {`,
    behind: '}}',
  },
  "docs/events.md: new Rule(this, 'Occupied', {": {
    way: 'fragment',
    before: `
import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
export class Events extends Stack {
  add(startModerator: IFunction): void {`,
    behind: '}}',
  },
  'docs/events.md: QUEUE=$(aws cloudformation describe-stacks --stack-name Fanfare-prod \\': {
    way: 'not run',
    why: AWS,
  },
  'docs/events.md: ITERATOR=$(aws dynamodbstreams get-shard-iterator --stream-arn "$streamArn" --shard-id "$shardId" \\':
    { way: 'not run', why: AWS },
  "docs/events.md: npx cdk deploy --app 'node --import tsx examples/webhooks/app.ts' -c stage=prod -c url=https://example.com/hook Fanfare-webhooks":
    { way: 'not run', why: AWS },
  "docs/events.md: import { createHmac, timingSafeEqual } from 'node:crypto';": {
    way: 'program',
    before: `
import { signatureOf } from './examples/webhooks/signature.ts';
const secret = 'whsec_c2VjcmV0';`,
    behind: `
const timestamp = Math.floor(Date.now() / 1000);
const signed = { 'webhook-id': 'a', 'webhook-timestamp': String(timestamp) };
const signature = signatureOf(secret, { id: 'a', timestamp }, 'body');
console.log(isGenuine({ ...signed, 'webhook-signature': signature }, 'body'), isGenuine(signed, 'body'));`,
    prints: 'true false',
  },

  'docs/fallbacks.md: URL=http://localhost:8080/lambda-url/Fanfare-local-fallback': {
    way: 'shell',
    prints: '"event":"subscribed"',
  },
  "docs/fallbacks.md: const url = 'http://localhost:8080/lambda-url/Fanfare-local-fallback';": {
    way: 'browser',
    prints: 'Hello',
    behind: SAY_HELLO,
  },

  'docs/fallbacks.md: fallback: { concurrency: 200, streamSeconds: STREAM_SECONDS },': {
    way: 'fragment',
    before: `
import type { StageSettings } from './lib/settings/stage-settings.ts';
const STREAM_SECONDS = 870;
export default {`,
    behind: "} satisfies Pick<StageSettings, 'fallback'>;",
  },

  'docs/first-steps.md: npm ci && npm start': { way: 'not run', why: BUILDS },

  'docs/http-api.md: npm run -s token -- --server --user billing --for 30d                              # everything':
    { way: 'shell', prints: 'eyJ', except: { '--stage prod': AWS } },
  "docs/http-api.md: connection.channel('@user:ann').subscribe(show, { after: saved ?? 0 });": {
    way: 'fragment',
    before: `${CONNECTED}declare const saved: number | undefined;`,
  },
  'docs/http-api.md: aws events put-events --entries \'[{"Source":"shop","DetailType":"fanfare.publish",': {
    way: 'not run',
    why: AWS,
  },
  "docs/http-api.md: npx cdk deploy --app 'node --import tsx examples/publish-from-aws/app.ts' -c stage=dev Fanfare-uploads":
    { way: 'not run', why: AWS },
  "docs/http-api.md: import { FanfareServer } from 'fanfare-client/server';": {
    way: 'program',
    prints: '[]',
    needsToken: true,
  },
  'docs/http-api.md: TOKEN=$(npm run -s token -- --server --user billing) npx tsx shipped.ts': {
    way: 'not run',
    why: 'The program that it runs is the block above it, which runs with such a token.',
  },

  "docs/editing.md: chat: { subscribe: 'signed-in', publish: 'signed-in', members: 'signed-in', history: { hours: 24 },":
    {
      way: 'fragment',
      before: `
import type { NamespacePolicy } from './lambdas/realtime/access/namespaces.ts';
export default {`,
      behind: '} satisfies Record<string, NamespacePolicy>;',
    },
  "docs/editing.md: import { deleteMessage, editMessage, messagesNow } from 'fanfare-client/edits'; // 1.1 KB":
    {
      way: 'fragment',
      before: `${CONNECTED}declare function draw(messages: readonly Message<{ text: string }>[]): void;`,
    },
  'docs/editing.md: TOKEN=$(npm run -s token -- --server --user moderation)': {
    way: 'shell',
    prints: '"removed":true',
  },

  'docs/inbox.md: TOKEN=$(npm run -s token -- --server --user billing)': {
    way: 'shell',
    prints: '"@user:ann"',
  },
  "docs/inbox.md: const inbox = connection.channel('@user:ann').subscribe(show, { after: Number(localStorage.getItem('read') ?? 0) });":
    { way: 'fragment', before: CONNECTED },
  "docs/inbox.md: import { openInbox } from 'fanfare-client/inbox'; // 1.2 KB": {
    way: 'fragment',
    before: `${CONNECTED}declare function store(data: unknown): Promise<void>;`,
  },

  'docs/limits.md: npm run -s prices -- --connections 10000 --messages 1 --subscribers 50': {
    way: 'shell',
    prints: 'AppSync Events: $',
  },

  'docs/local-any-app.md: npx fanfare-local                                             # the app of cdk.json':
    {
      way: 'not run',
      why: 'They run the app of a reader; test/e2e/apps/fanfare-local.test.ts starts others.',
    },

  "docs/fan-out.md: import { defineConfig } from 'fanfare/config';": { way: 'fragment', before: '' },
  "docs/fan-out.md: prices: { subscribe: 'anyone', publish: 'servers', members: 'servers', history: { hours: 1 },":
    {
      way: 'fragment',
      before: `
import type { NamespacePolicy } from './lambdas/realtime/access/namespaces.ts';
export default {`,
      behind: '} satisfies Record<string, NamespacePolicy>;',
    },
  "docs/presence.md: chat: { subscribe: 'signed-in', publish: 'signed-in', members: 'signed-in', history: { hours: 24 },":
    {
      way: 'fragment',
      before: `
import type { NamespacePolicy } from './lambdas/realtime/access/namespaces.ts';
export default {`,
      behind: '} satisfies Record<string, NamespacePolicy>;',
    },
  'docs/presence.md: npm run -s token -- --user ann --channel \'chat:*=subscribe,publish,members\' --info \'{"name":"Ann"}\'':
    { way: 'shell', prints: 'eyJ' },
  "docs/presence.md: import { watchMembers } from 'fanfare-client/presence';": {
    way: 'fragment',
    before: `${CONNECTED}
declare const list: HTMLElement;
declare function row(user: string | undefined, info: unknown): Node;
`,
  },

  "docs/servers.md: import { FanfareServer, signServerToken, signToken } from 'fanfare-client/server';": {
    way: 'program',
    prints: 'true { closed: 0 }',
    needsSecret: true,
  },
  'docs/servers.md: export FANFARE_SECRET=$(cat .local/secrets/Fanfare-local%2ftoken-secret)': {
    way: 'not run',
    why: 'It prints nothing; the block for Python, which runs, has the same line.',
  },
  'docs/servers.md: ARN=$(aws cloudformation describe-stacks --stack-name Fanfare-prod \\': {
    way: 'not run',
    why: AWS,
  },
  'docs/servers.md: export async function tokenFor(request: Request): Promise<Response> {': {
    way: 'program',
    before: `
import { signToken } from 'fanfare-client/server';
const signer = { stage: 'local', secret: process.env['FANFARE_SECRET'] ?? '' };
const signedInUser = async ({ url }: Request) => (url.endsWith('/ann') ? { id: 'ann', team: 'red' } : undefined);`,
    behind: `
const answers = [await tokenFor(new Request('http://a/ann')), await tokenFor(new Request('http://a/'))];
const [token = ''] = await Promise.all(answers.map((answer) => answer.text()));
console.log(answers.map(({ status }) => status), Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());`,
    prints: '[ 200, 401 ] {"iss":"fanfare","aud":"local","sub":"ann","channels":{"team:red":',
    needsSecret: true,
  },
  "docs/servers.md: import { publicKeys, signToken } from 'fanfare-client/server';": {
    way: 'program',
    prints: '"kid":"2026-11","use":"sig"}]} true',
  },
  'docs/servers.md: tokens: {': {
    way: 'fragment',
    before: `
import type { StageSettings } from './lib/settings/stage-settings.ts';
export default {`,
    behind: "} satisfies Pick<StageSettings, 'tokens'>;",
  },
  "docs/servers.md: import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';": {
    way: 'program',
    prints: 'FailedEntryCount: 0',
  },
  "docs/servers.md: import { FanfareError, verifyWebhook } from 'fanfare-client/server';": {
    way: 'program',
    before: `
import { signatureOf } from './examples/webhooks/signature.ts';
const secret = 'c2VjcmV0'.repeat(4);
const isNew = async (id: string) => id === 'a';
const react = async (type: string, data: object) => console.log(type, data);`,
    behind: `
const body = JSON.stringify({ type: 'channel occupied', data: { id: 'a', time: 1 } });
const timestamp = Math.floor(Date.now() / 1000);
const headers = { 'webhook-id': 'm', 'webhook-timestamp': String(timestamp) };
const signature = signatureOf(secret, { id: 'm', timestamp }, body);
const post = async (more: Record<string, string>) =>
  (await hook(new Request('http://a', { method: 'POST', body, headers: { ...headers, ...more } }))).status;
console.log(await post({ 'webhook-signature': signature }), await post({ 'webhook-signature': 'v1,abc' }));`,
    prints: "channel occupied { id: 'a', time: 1 }\n204 401",
  },
  'docs/servers.md: export FANFARE_URL=http://localhost:8080/local FANFARE_STAGE=local': {
    way: 'shell',
    prints: '"public:news"',
  },
  'docs/servers.md: go run examples/servers/go/fanfare.go publish public:news \'"Hello"\'': {
    way: 'not run',
    why: 'test/examples/servers.test.ts runs both files if their programs are on the machine.',
  },

  'docs/conformance.md: npm run -s conformance -- ws://localhost:8080/local': {
    way: 'not run',
    why: 'It takes ten seconds; test/conformance/rules.test.ts checks the same rules.',
  },
  'docs/websockets.md: npm run -s frame -- 81 91 37 fa 21 3d 4c d8 40 5e 43 93 4e 53 15 c0 03 4d 5e 94 46 1f 4a':
    { way: 'shell', prints: '{"action":"ping"}' },
  'docs/smoke.md: npm run -s smoke -- --stage dev': { way: 'not run', why: AWS },
  'docs/smoke.md: npm run -s smoke -- --url ws://localhost:8080/local': {
    way: 'not run',
    why: 'It takes a minute; test/smoke/local-runtime.test.ts looks at the same facts.',
  },

  // `test/docs/your-rules.test.ts` runs every block of these two pages.
  "docs/your-rules.md: import { defineConfig, namespace, refuse } from 'fanfare/config';": {
    way: 'fragment',
    before: '',
  },
  "docs/your-rules.md: import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';": {
    way: 'fragment',
    before: '',
  },
  'docs/your-rules.md: const budgetMs = { onSubscribe: 500, onPublish: 10_000 };': {
    way: 'fragment',
    before: "import type { NamespacePolicy } from 'fanfare/config';",
    behind: 'export const part: Pick<NamespacePolicy, "budgetMs"> = { budgetMs };',
  },
  'docs/your-issuer.md: tokens: {': {
    way: 'fragment',
    before: "import type { StageSettings } from './lib/settings/stage-settings.ts';\nexport default {",
    behind: "} satisfies Pick<StageSettings, 'tokens'>;",
  },
  "docs/your-issuer.md: import { defineConfig, refuse } from 'fanfare/config';": {
    way: 'fragment',
    before: '',
  },

  // `test/docs/your-actions.test.ts` runs the blocks of this page, and compares the first three with the files of the example.
  "docs/values.md: game: { subscribe: 'signed-in', publish: 'signed-in', members: 'signed-in', history: { hours: 1 },":
    {
      way: 'fragment',
      before: `
import type { NamespacePolicy } from './lambdas/realtime/access/namespaces.ts';
export default {`,
      behind: '} satisfies Record<string, NamespacePolicy>;',
    },
  "docs/values.md: import { WebSocket } from 'ws'; // Node.js before 22": {
    way: 'program',
    prints: 'seat:12 is free',
  },
  "docs/values.md: const socket = new WebSocket('ws://localhost:8080/local', ['fanfare.v1']);": {
    way: 'browser',
    prints: '"id":"claim"',
  },
  'docs/values.md: TOKEN=$(npm run -s token -- --server --user billing)': {
    way: 'shell',
    prints: '"price:ACME"',
  },

  'docs/your-actions.md: /** `roll`: the server rolls the dice, so that no player can choose the result, and tells everyone at the table. */':
    { way: 'fragment', before: '' },
  'docs/your-actions.md: /** A configuration with one action: its file is `roll.ts`, and its line is in `actions`. */':
    {
      way: 'not run',
      why: 'It is a file of examples/dice, which `npm run types` compiles and test/docs/your-actions.test.ts runs.',
    },
  'docs/your-actions.md: /** A player: sits down at a table, and rolls two dice. The compiler knows the action from the configuration. */':
    {
      way: 'not run',
      why: 'It is a file of examples/dice, which test/contracts/own-actions.test.ts runs.',
    },
  'docs/your-actions.md: curl -X POST -H "Authorization: Bearer $TOKEN" -d \'{"data":{"table":"blue","dice":2},"key":"roll-17"}\' http://localhost:8080/local/actions/roll':
    {
      way: 'not run',
      why: 'Only a stage with the example has the action; test/contracts/own-actions.test.ts sends such requests.',
    },
  "docs/your-actions.md: import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';":
    { way: 'fragment', before: '' },
};

/** Pages whose text blocks people read and do not paste, and the test that checks each of them. */
export const texts: Readonly<Record<string, string>> = {
  'README.md': 'A transcript, which test/e2e/readme.test.ts compares with a real one.',
  'CONTRIBUTING.md': 'A tree of folders.',
  'docs/deploy-checks.md': 'What a finding looks like.',
  'docs/deploy.md': 'What preflight prints; test/docs/deploy.test.ts compares it.',
  'docs/fallbacks.md': 'What an event stream looks like, and a calculation.',
  'docs/inbox.md': 'A transcript.',
  'docs/limits.md': 'What the costs command prints; test/docs/limits.test.ts compares it.',
  'docs/local-any-app.md': 'What the command prints.',
  'docs/local-runtime.md': 'A tree of folders, and what the runtime prints.',
  'docs/presence.md': 'A transcript.',
  'docs/conformance.md': 'What the conformance command prints.',
  'docs/smoke.md': 'What the smoke command prints.',
  'docs/websockets.md': 'Captures and a printed frame; test/docs/websockets.test.ts compares them.',
  'docs/protocol.md': 'Generated from the schemas; test/docs/protocol.test.ts compares it with them.',
};
