/** An hour of the shared editor, for its cost. */

import type { Connection } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import type { Load } from '../load.ts';

const PEOPLE = 4;
const CHARACTERS_OF_EACH = 500;
/** Of Yjs, for one character, and the snapshot after a hundred. In base64, with what is around it. Bytes. */
const UPDATE = 'A'.repeat(100);
const SNAPSHOT = 'A'.repeat(4_000);
const CURSOR = 'A'.repeat(300);
/** `y-protocols` tells four times a minute that a person is still there. */
const SIGNS_OF_LIFE = 240;

export const load: Load = {
  what: '4 people, each of whom has the document open and types 500 characters, five in a second',
  async hour(stage) {
    const names = Array.from({ length: PEOPLE }, (_, index) => `person-${index}`);
    const people = await Promise.all(names.map((name) => stage.connect(name)));
    for (const person of people) await enter(person);
    await Promise.all(people.map(live));
  },
};

/** As the page does it. */
async function enter(person: Connection): Promise<void> {
  await historyOf(person.channel('chat:editor-plan-snapshots'));
  await person.channel('chat:editor-plan').subscribe(() => {}, { after: 0 }).ready;
  await person.channel('live:editor-plan').subscribe(() => {}).ready;
}

async function live(person: Connection): Promise<void> {
  const cursors = person.channel('live:editor-plan');
  for (let count = 0; count < SIGNS_OF_LIFE; count += 1) await cursors.publish(CURSOR);
  for (let count = 0; count < CHARACTERS_OF_EACH; count += 1) await type(person);
}

async function type(person: Connection): Promise<void> {
  await person.channel('live:editor-plan').publish(CURSOR);
  const { seq = 1 } = await person.channel('chat:editor-plan').publish(UPDATE);
  if (seq % 100 === 0) await person.channel('chat:editor-plan-snapshots').publish(SNAPSHOT);
}
