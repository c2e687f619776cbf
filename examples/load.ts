/** What the cost of an example is stated for: an hour of it, as its users cause it (`npm run -s cost -- <example>`). */

import type { Connection } from 'fanfare-client';
import type { FanfareServer } from 'fanfare-client/server';

/** The local stage during such an hour. */
interface HourOfStage {
  /** Connects a user, who stays connected until the end of the hour. */
  readonly connect: (user: string) => Promise<Connection>;
  /** The HTTP API, for what a server does. */
  readonly server: FanfareServer;
}

export interface Load {
  /** Completes the sentence “An hour of …”. */
  readonly what: string;
  /** Does in seconds what happens in an hour. The meter counts 60 minutes for each connection. */
  hour(stage: HourOfStage): Promise<void>;
}
