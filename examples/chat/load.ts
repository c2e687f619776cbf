/** An hour of the chat, for its cost. */

import type { Connection } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import { watchMembers } from 'fanfare-client/presence';
import type { Load } from '../load.ts';

const PEOPLE = 10;
const MESSAGES_OF_EACH = 30;
const ROOM = 'chat:general';
const TYPING = 'live:typing-general';

export const load: Load = {
  what: 'a room with 10 people, each of whom writes 30 messages and types for four seconds before each',
  async hour(stage) {
    const names = Array.from({ length: PEOPLE }, (_, index) => `person-${index}`);
    const people = await Promise.all(names.map((name) => stage.connect(name)));
    for (const person of people) await enter(person);
    for (let count = 0; count < MESSAGES_OF_EACH; count += 1)
      for (const person of people) await write(person);
  },
};

/** As the page does it: the room with its last messages, its members, and who types. */
async function enter(person: Connection): Promise<void> {
  const room = person.channel(ROOM);
  await Promise.all([
    room.subscribe(() => {}).ready,
    historyOf(room, { limit: 50 }),
    person.channel(TYPING).subscribe(() => {}).ready,
    watchMembers(person, ROOM, () => {}).ready,
  ]);
}

async function write(person: Connection): Promise<void> {
  for (const isTyping of [true, true]) await person.channel(TYPING).publish(isTyping);
  await person.channel(ROOM).publish('Shall we meet at the station at eight, or is nine better for you?');
  await person.channel(TYPING).publish(false);
}
