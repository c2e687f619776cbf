/** Attacks that never worked, over real sockets and requests: they go on failing. */

import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { AttackedStage } from './attacked-stage.ts';
import { commands } from './held/commands.ts';
import { handshakes } from './held/handshakes.ts';
import { requests } from './held/requests.ts';

const kinds = { 'at the handshake': handshakes, 'by commands': commands, 'by HTTP': requests };

let stage: AttackedStage;

beforeAll(async () => {
  stage = await AttackedStage.start();
});

afterEach(() => stage.leave());

afterAll(() => stage.close());

describe.each(Object.entries(kinds))('attacks %s', (_kind, attacks) => {
  it.each(Object.entries(attacks))('%s', async (_sentence, attack) => {
    await attack(stage);
  });
});
