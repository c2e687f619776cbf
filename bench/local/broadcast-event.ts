/** The event of the functions that broadcast. */

import * as v from 'valibot';

export interface BroadcastEvent {
  readonly body: string;
}

const request = v.object({ connectionIds: v.array(v.string()), data: v.string() });

export function broadcastOf({ body }: BroadcastEvent) {
  const { connectionIds, data } = v.parse(request, JSON.parse(body));
  return { connectionIds, data: new TextEncoder().encode(data) };
}
