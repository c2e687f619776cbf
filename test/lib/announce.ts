/** What is told of an order, for the tests of `publishChanges`. */

import type { ItemChange } from '../../lambdas/own-logic/config.ts';

interface Order {
  readonly id: string;
}

export default ({ after }: ItemChange<Order>) => after && { channels: ['public:orders'], data: after.id };
