/** The generated parts of `docs/protocol.md`: `npm run docs` writes them, and a test fails when they are out of date. */

import { readFile, writeFile } from 'node:fs/promises';
import { actionSchemas } from 'fanfare-protocol/actions';
import { type ErrorCode, errorStatus } from 'fanfare-protocol/errors';
import {
  closingEvent,
  errorEvent,
  joinedEvent,
  leftEvent,
  messagesEvent,
  presenceDiff,
} from 'fanfare-protocol/events';
import * as limits from 'fanfare-protocol/limits';
import { ownAction } from 'fanfare-protocol/own-action';
import { withGeneratedParts } from './generated-parts.ts';
import { schemaText } from './schema-text.ts';

export const PROTOCOL_PAGE = new URL('../protocol.md', import.meta.url);

const meanings: Readonly<Record<ErrorCode, string>> = {
  'bad-request':
    'the frame is not JSON or nested too deep, JavaScript would change a number in it, or a field is missing or wrong',
  unauthenticated: 'the command needs a signed-in user',
  'token-expired': 'the token has expired: connect again with a new one',
  forbidden: 'the policy does not allow this to the connection, or the namespace does not exist',
  'unknown-action': 'the action does not exist',
  'not-found':
    'the message to edit does not exist, or not any more; in the HTTP API: the thing does not exist',
  conflict:
    'the newest message of the name is not the one that `ifSeq` names; `current` is its value, or `null` without a value',
  gone: 'the HTTP session has ended, or was never opened: open one',
  'too-large': 'the message, the batch, or the frame that it would become is over a limit',
  rejected: 'a rule of the application refuses the message; the sentence is from its author',
  'rate-limited':
    'too much at once: send the same again after `retryAfter`; without it, a limit such as that of channels is reached',
  internal: 'the server failed; the message names the request',
  busy: 'the server is overloaded: send the same again, or connect again if the connection is closed',
};

const when = new Map(Object.entries(meanings));

const sections: Readonly<Record<string, () => string>> = {
  actions: () =>
    Object.values(actionSchemas)
      .map(({ command, reply }) => `\`\`\`text\n→ ${schemaText(command)}\n← ${schemaText(reply)}\n\`\`\``)
      .join('\n\n'),
  own: () => `\`\`\`text\n→ ${schemaText(ownAction.command)}\n← ${schemaText(ownAction.reply)}\n\`\`\``,
  pushed: () => `\`\`\`text\n← ${schemaText(messagesEvent)}\n\`\`\``,
  closing: () => `\`\`\`text\n← ${schemaText(closingEvent)}\n\`\`\``,
  presence: () =>
    [joinedEvent, leftEvent, presenceDiff]
      .map((event) => `\`\`\`text\n← ${schemaText(event)}\n\`\`\``)
      .join('\n\n'),
  error: () => `\`\`\`text\n← ${schemaText(errorEvent)}\n\`\`\``,
  codes: () =>
    table(
      ['code', 'status', 'when'],
      Object.entries(errorStatus).map(([code, status]) => [
        `\`${code}\``,
        String(status),
        when.get(code) ?? '',
      ]),
    ),
  limits: () =>
    table(
      ['limit', 'value'],
      Object.entries(limits)
        .toSorted(([one], [other]) => one.localeCompare(other))
        .map(([name, value]) => [`\`${name}\``, value.toLocaleString('en-US')]),
    ),
};

/** The page with its generated parts as they should be. */
export function generateProtocolPage(page: string): string {
  return withGeneratedParts(page, sections);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export async function writeProtocolPage(): Promise<void> {
  await writeFile(PROTOCOL_PAGE, generateProtocolPage(await readFile(PROTOCOL_PAGE, 'utf8')));
}
