/** The last notification that the user has read on any device. The server keeps it, and the devices tell each other. */

import { mark } from 'fanfare-client/inbox';
import { useChannel, useConnection } from 'fanfare-client/react';
import { useEffect, useState } from 'react';
import { untilDone } from '../until-done.ts';

export function useReadPosition(me: string) {
  const { connection, state } = useConnection();
  const [position, setPosition] = useState<number>();
  const reached = (seq: number) => setPosition((before = 0) => Math.max(before, seq));

  // A mark is told to no other device, so each device tells the others. Only what this user has said counts.
  const { publish } = useChannel(`live:read-${me}`, {
    keep: 0,
    onMessage: ({ from, data }) => from === me && typeof data === 'number' && reached(data),
  });

  // At the start, and after an interruption, in which another device may have marked more. A mark of 0 only reads.
  useEffect(() => {
    if (!connection || state !== 'connected') return;
    const told = (seq: number) => setPosition((before = 0) => Math.max(before, seq));
    untilDone(() => mark(connection.channel(`@user:${me}`), 0)).then(told, () => {});
  }, [connection, state, me]);

  async function markRead(seq: number): Promise<void> {
    reached(seq);
    if (connection) await mark(connection.channel(`@user:${me}`), seq);
    await publish(seq);
  }

  return { position, markRead };
}
