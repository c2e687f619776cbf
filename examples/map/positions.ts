/** How a message tells where vehicles are. A vehicle that it does not name is where it was. */

import * as v from 'valibot';

/** The number of a vehicle, and where it is: whole metres east and north of the centre of the town. */
export const positions = v.array(v.tuple([v.number(), v.number(), v.number()]));

export type Positions = v.InferOutput<typeof positions>;

/** One message of ten names all vehicles. So the last ten tell a newcomer where all of them are. */
export const WHOLE_EVERY = 10;
