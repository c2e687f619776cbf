/** The ports of the commands over real stores, for a bench that counts units: no subscriber hears its frames. */

import type { ActionPorts } from '../lambdas/actions/action.ts';
import { ContainerPace } from '../lambdas/realtime/delivery/container-pace.ts';
import type { DynamoStores } from '../test/contracts/dynamo-stores.ts';

export function unheardPorts(stores: Omit<DynamoStores, 'client'>): ActionPorts {
  return {
    ...stores,
    deliveries: { postsPerSecond: 5_000, start: async () => {} },
    farewells: { start: async () => {} },
    containerPace: new ContainerPace(),
    outbound: { post: async () => 'sent', disconnect: async () => 'gone' },
    log: { warn: () => {}, error: (_message, { error }) => process.stderr.write(`${error.stack}\n`) },
    now: Date.now,
    pause: async () => {},
  };
}
