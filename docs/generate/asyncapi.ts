/** The AsyncAPI 3.0 document of the WebSocket API, from the schemas that the server checks with: `npm run docs` writes it. */

import { readFile, writeFile } from 'node:fs/promises';
import { type Action, actionSchemas } from 'fanfare-protocol/actions';
import { errorEvent, joinedEvent, leftEvent, messagesEvent, presenceDiff } from 'fanfare-protocol/events';
import { SESSION_LENGTH_MAX, SESSION_LENGTH_MIN } from 'fanfare-protocol/limits';
import { ownAction } from 'fanfare-protocol/own-action';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import type * as v from 'valibot';
import { jsonSchemaOf } from './json-schema.ts';

const ASYNCAPI_FILE = new URL('../asyncapi.json', import.meta.url);

/** What each command is for, in one sentence. Complete by compilation. */
const summaries: Readonly<Record<Action, string>> = {
  subscribe: 'Subscribes this connection to a channel, or resumes from a position.',
  unsubscribe: 'Ends the subscription of this connection to a channel.',
  publish: 'Publishes one message or several to a channel.',
  edit: 'Replaces the data of a message, or deletes the message.',
  history: 'Reads a page of the messages that a channel keeps.',
  values: 'Reads a page of the values of a channel: the newest message of each name.',
  mark: 'Stores the position up to which the user has read, for all of their devices.',
  members: 'Lists the signed-in users of a channel.',
  ping: 'Keeps the connection alive. The gateway itself answers a single ping, without its id.',
};

/** What the server sends unasked. A `closing` comes on event streams only, so it is not here. */
const pushed = {
  messages: {
    event: messagesEvent,
    summary: 'Published messages of a channel, in the order of their numbers.',
  },
  joined: { event: joinedEvent, summary: 'A user is now in a channel, or has new info.' },
  left: { event: leftEvent, summary: 'A user is no longer in a channel.' },
  'presence-diff': {
    event: presenceDiff,
    summary: 'Several joins and leaves in one frame, for subscribers that asked for diffs.',
  },
} as const;

const pushedNames: readonly (keyof typeof pushed)[] = ['messages', 'joined', 'left', 'presence-diff'];

/** The actions of the application, whose names the document cannot know. */
const OWN = 'own-action';

const OWN_SUMMARY =
  "Calls an action of the application's own by its name. The reply is an event of the same name, with what the action returned.";

const CHANNEL = '#/channels/stage';

/** The document as it should be. */
export function asyncApiDocument() {
  const actions = actionNames();
  const messages = {
    ...Object.fromEntries(actions.flatMap(messagesOf)),
    ...Object.fromEntries(pushedNames.map((name) => [name, messageOf(name, pushed[name].event, 'output')])),
    [OWN]: messageOf(OWN, ownAction.command, 'input'),
    [replyOf(OWN)]: messageOf(replyOf(OWN), ownAction.reply, 'output'),
    error: messageOf('error', errorEvent, 'output'),
  };
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Fanfare',
      version: '1.0.0',
      description: `The wire protocol ${SUBPROTOCOL}: text frames of JSON. A frame of the client is one command, or an array of commands, whose reply is an array of the same length.`,
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: serversOf(),
    channels: {
      stage: {
        address: '/',
        title: 'One connection',
        servers: [{ $ref: '#/servers/local' }, { $ref: '#/servers/deployed' }],
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: { ws: handshake() },
      },
    },
    operations: {
      ...Object.fromEntries(actions.map((action) => [action, commandOperation(action, summaries[action])])),
      [OWN]: commandOperation(OWN, OWN_SUMMARY),
      ...Object.fromEntries(pushedNames.map((name) => [`push-${name}`, pushOperation(name)])),
    },
    components: {
      messages,
      securitySchemes: {
        subprotocol: {
          type: 'httpApiKey',
          in: 'header',
          name: 'Sec-WebSocket-Protocol',
          description: `The token, offered as a second subprotocol: new WebSocket(url, ['${SUBPROTOCOL}', token])`,
        },
        query: { type: 'httpApiKey', in: 'query', name: 'token' },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

/** `Object.keys` knows only strings. The table of summaries has all actions by compilation. */
function actionNames(): readonly Action[] {
  return Object.keys(actionSchemas).filter((name): name is Action => Object.hasOwn(summaries, name));
}

function serversOf() {
  const security = ['subprotocol', 'query', 'bearer'].map((name) => ({
    $ref: `#/components/securitySchemes/${name}`,
  }));
  return {
    local: {
      host: 'localhost:8080',
      pathname: '/local',
      protocol: 'ws',
      title: 'The local runtime',
      security,
    },
    deployed: {
      host: '{api}.execute-api.{region}.amazonaws.com',
      pathname: '/{stage}',
      protocol: 'wss',
      title: 'A deployed stage: the output WebSocketUrl',
      variables: {
        api: { default: 'api' },
        region: { default: 'us-east-1' },
        stage: { default: 'prod' },
      },
      security,
    },
  };
}

/** What the handshake may carry beside the token. */
function handshake() {
  return {
    query: {
      type: 'object',
      properties: {
        token: { type: 'string', description: 'A JWT. No log has it where it is sent as a subprotocol.' },
        client: {
          type: 'string',
          pattern: `^[A-Za-z0-9_-]{${SESSION_LENGTH_MIN},${SESSION_LENGTH_MAX}}$`,
          description: 'A random name, by which the server knows the retry keys of a client without a token.',
        },
      },
    },
    bindingVersion: '0.1.0',
  };
}

function messageOf(name: string, schema: v.GenericSchema, typeMode: 'input' | 'output') {
  return { name, title: name, payload: jsonSchemaOf(schema, typeMode) };
}

function messagesOf(action: Action) {
  const { command, reply } = actionSchemas[action];
  return [
    [action, messageOf(action, command, 'input')],
    [replyOf(action), messageOf(replyOf(action), reply, 'output')],
  ] as const;
}

/** The history command and its reply have one name on the wire. A document needs two. */
function replyOf(action: string): string {
  return `${action}-reply`;
}

function commandOperation(action: string, summary: string) {
  return {
    action: 'receive',
    summary,
    channel: { $ref: CHANNEL },
    messages: [messageRef(action)],
    reply: {
      channel: { $ref: CHANNEL },
      messages: [messageRef(replyOf(action)), messageRef('error')],
    },
  };
}

function pushOperation(name: keyof typeof pushed) {
  return {
    action: 'send',
    summary: pushed[name].summary,
    channel: { $ref: CHANNEL },
    messages: [messageRef(name)],
  };
}

function messageRef(name: string) {
  return { $ref: `${CHANNEL}/messages/${name}` };
}

export async function writeAsyncApi(): Promise<void> {
  await writeFile(ASYNCAPI_FILE, `${JSON.stringify(asyncApiDocument(), undefined, 2)}\n`);
}

/** The document as it is. */
export async function readAsyncApi(): Promise<unknown> {
  return JSON.parse(await readFile(ASYNCAPI_FILE, 'utf8'));
}
