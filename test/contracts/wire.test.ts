/** The wire contract on the local runtime, or on the stage that `FANFARE_URL` names. */

import { beforeAll } from 'vitest';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import { wireContract } from './wire.contract.ts';

const deployed = process.env['FANFARE_URL'];

if (deployed !== undefined) {
  wireContract(deployed, () => deployed);
} else {
  let runtime: Runtime;

  beforeAll(async () => {
    ({ runtime } = await sharedRuntime());
  });

  wireContract('the local runtime', () => runtime.urls.websocket);
}
