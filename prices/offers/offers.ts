/** Every provider that is compared. */

import type { Offer } from '../charge.ts';
import type { Load } from '../load.ts';
import { fanfareOffer } from './fanfare.ts';
import { ablyOffer, appSyncOffer, iotOffer } from './managed.ts';
import { ownServerOffer } from './own-server.ts';
import { pusherOffer } from './pusher.ts';

export const offers: Readonly<Record<string, (load: Load) => Offer>> = {
  Fanfare: fanfareOffer,
  'AppSync Events': appSyncOffer,
  'IoT Core': iotOffer,
  Ably: ablyOffer,
  Pusher: pusherOffer,
  'A server of your own': ownServerOffer,
};
