/** Stages of one account share its event bus. An event for one stage must not be published by another. */

import { type Fact, type Group, saw } from '../fact.ts';
import type { Visit } from '../visit.ts';
import type { Visitor } from '../visitor.ts';

const PUBLISH = 'fanfare.publish';

/** The first event of a rule waits for a cold function. Milliseconds. */
const EVENT_MS = 25_000;

async function subscriber(visit: Visit, channel: string): Promise<Visitor> {
  const visitor = await visit.reader('public');
  await visitor.subscribe(channel);
  return visitor;
}

const own: Fact = {
  name: 'own-event',
  expected: 'an event that names this stage is published',
  async look(visit) {
    const channel = visit.channel('public');
    const visitor = await subscriber(visit, channel);
    await visit.stage.putEvent(PUBLISH, {
      stage: visit.stage.name,
      channels: [channel],
      data: visit.stage.wrapping.wrap('own'),
    });
    await visitor.hears(channel, 'own', EVENT_MS);
    return saw(true, 'heard');
  },
};

/** Two events of this stage follow the foreign one. When both have arrived, the foreign one would have arrived, too. */
const foreign: Fact = {
  name: 'foreign-event',
  expected:
    'an event that names another stage is not heard, though two that name this one are, one after the other',
  limitMs: 2 * EVENT_MS + 10_000,
  async look(visit) {
    const { name, putEvent, wrapping } = visit.stage;
    const channel = visit.channel('public');
    const visitor = await subscriber(visit, channel);
    await putEvent(PUBLISH, { stage: `not-${name}`, channels: [channel], data: wrapping.wrap('foreign') });
    for (const mark of ['first', 'second']) {
      await putEvent(PUBLISH, { stage: name, channels: [channel], data: wrapping.wrap(mark) });
      await visitor.hears(channel, mark, EVENT_MS);
    }
    const heard = visitor.heard(channel);
    return saw(heard.length === 0, heard.length === 0 ? 'not heard' : `heard ${heard.join()}`);
  },
};

export const stages: Group = { facts: [own, foreign] };
