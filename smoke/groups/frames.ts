/** Facts about the largest frame and message, and about a connection that exceeds them. */

import { FRAME_BYTES, MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { type Fact, type Group, saw } from '../fact.ts';
import { brief, membersOf } from '../frame.ts';
import type { Wire } from '../stage.ts';

/** A command for the function, of exactly this length: JSON may end in spaces. */
function pingOf(bytes: number): string {
  return '[{"action":"ping","id":"smoke"}]'.padEnd(bytes);
}

/** Frames of 32 KB, and a last one with the rest. */
function fragments(text: string): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / FRAME_BYTES) }, (_, index) =>
    text.slice(index * FRAME_BYTES, (index + 1) * FRAME_BYTES),
  );
}

function answered(name: string, number: string, what: string, send: (wire: Wire) => void): Fact {
  return {
    name,
    number,
    expected: `${what} is answered`,
    async look(visit) {
      const visitor = await visit.enter();
      send(visitor.wire);
      const reply = await visitor.answer('an answer');
      const pong = membersOf(Array.isArray(reply) ? reply[0] : undefined);
      return saw(pong['event'] === 'pong', brief(reply));
    },
  };
}

function closed(name: string, number: string, what: string, code: number, send: (wire: Wire) => void): Fact {
  return {
    name,
    number,
    expected: `${what} closes the connection with ${code}`,
    async look(visit) {
      const visitor = await visit.enter();
      send(visitor.wire);
      const end = await visitor.closing();
      return saw(end.code === code, `${end.code} ${end.reason}`.trim());
    },
  };
}

export const frames: Group = {
  facts: [
    answered('frame-of-32-kb', 'LM-5', 'a frame of 32,768 bytes', (wire) => wire.send(pingOf(FRAME_BYTES))),
    closed('frame-over-32-kb', 'LM-4', 'a frame of one byte more', 1009, (wire) =>
      wire.send(pingOf(FRAME_BYTES + 1)),
    ),
    answered('message-of-128-kb', 'LM-3', 'a message of 131,072 bytes in four frames', (wire) =>
      wire.sendFragments(fragments(pingOf(MESSAGE_BYTES))),
    ),
    closed('message-over-128-kb', 'LM-4', 'a message of one byte more, in five frames', 1009, (wire) =>
      wire.sendFragments(fragments(pingOf(MESSAGE_BYTES + 1))),
    ),
    closed('binary', 'LM-7', 'a binary frame', 1003, (wire) => wire.sendBinary(Buffer.from('{}'))),
  ],
};
