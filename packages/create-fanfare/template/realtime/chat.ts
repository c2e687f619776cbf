/** The rule for messages of a chat. It holds for each way to publish: sockets, HTTP, servers and events. */

import { type IncomingMessage, refuse } from 'fanfare/config';

const MOST_CHARACTERS = 500;

/** Lets a message pass, or refuses it with a sentence for its author. */
export function onPublish({ data }: IncomingMessage<unknown>) {
  if (typeof data === 'string' && data.length <= MOST_CHARACTERS) return undefined;
  return refuse(`A message is a text of at most ${MOST_CHARACTERS} characters.`);
}
