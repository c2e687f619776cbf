/** The generated parts of `docs/protocol.md`: `npm run docs` writes them, and a test fails when they are out of date. */

import { readFile, writeFile } from 'node:fs/promises';
import { actionSchemas } from 'fanfare-protocol/actions';
import { type ErrorCode, errorStatus } from 'fanfare-protocol/errors';
import { closingEvent, errorEvent, joinedEvent, leftEvent, messagesEvent } from 'fanfare-protocol/events';
import * as limits from 'fanfare-protocol/limits';
import { withGeneratedParts } from './generated-parts.ts';
import { schemaText } from './schema-text.ts';

export const PROTOCOL_PAGE = new URL('../protocol.md', import.meta.url);

const meanings: Readonly<Record<ErrorCode, string>> = {
  'bad-request':
    'not JSON, nested too deep, a number would not arrive as sent, or a field is missing or wrong',
  unauthenticated: 'this needs a signed-in user',
  'token-expired': 'the token has ended: connect again with a new one',
  forbidden: 'nobody like you may do this here, or the namespace does not exist',
  'unknown-action': 'there is no such action',
  'not-found': 'there is no such thing, in the HTTP API',
  gone: 'this HTTP session is over, or was never open: open it again',
  'too-large': 'the message, the batch, or the frame it would make is over a limit',
  'rate-limited': 'too much at once; with `retryAfter`, the same may be sent again after that',
  internal: 'something failed here; the message names the request',
  busy: 'not now: send it again, or connect again if the connection is closed',
};

const when = new Map(Object.entries(meanings));

const sections: Readonly<Record<string, () => string>> = {
  actions: () =>
    Object.values(actionSchemas)
      .map(({ command, reply }) => `\`\`\`text\n→ ${schemaText(command)}\n← ${schemaText(reply)}\n\`\`\``)
      .join('\n\n'),
  pushed: () => `\`\`\`text\n← ${schemaText(messagesEvent)}\n\`\`\``,
  closing: () => `\`\`\`text\n← ${schemaText(closingEvent)}\n\`\`\``,
  presence: () =>
    [joinedEvent, leftEvent].map((event) => `\`\`\`text\n← ${schemaText(event)}\n\`\`\``).join('\n\n'),
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
