/** Every provider that is compared. */

import type { Offer } from '../charge.ts';
import type { Load } from '../load.ts';
import { withPackedDelivery } from '../packed-delivery.ts';
import { fanfareOffer } from './fanfare.ts';
import { ablyOffer, appSyncOffer, iotOffer } from './managed.ts';
import { ownServerOffer } from './own-server.ts';
import { pusherOffer } from './pusher.ts';

export const offers: Readonly<Record<string, (load: Load) => Offer>> = {
  Fanfare: (load) => withPackedDelivery(fanfareOffer(load), load),
  'AppSync Events': appSyncOffer,
  'IoT Core': iotOffer,
  Ably: ablyOffer,
  Pusher: pusherOffer,
  'A server of your own': ownServerOffer,
};
