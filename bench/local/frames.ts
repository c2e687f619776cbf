/** What the clients of the comparison send; the local runtime selects routes by the same frames. */

/** A raw server sends a frame with this to all of its clients. */
export const BROADCAST = '"action":"broadcast"';

export const ECHO_FRAME = JSON.stringify({
  action: 'echo',
  data: 'A message as long as most that are sent.',
});

export const BROADCAST_FRAME = `{${BROADCAST},"data":"A message as long as most that are sent."}`;
