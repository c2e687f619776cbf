/** `mark`: the user has dealt with everything up to a position, on whichever device; it is kept for them. */

import { ProtocolError } from '../../protocol/errors.ts';
import { retentionOf } from '../realtime/namespaces.ts';
import { authorize } from '../realtime/permissions.ts';
import { keptUntil, readerOf } from '../realtime/read-position.ts';
import type { ActionHandler } from './action.ts';

export const mark: ActionHandler<'mark'> = async ({ channel, seq }, session, { config, ports }) => {
  const retention = retentionOf(authorize(config, session, 'subscribe', channel));
  const reader = readerOf(session, channel);
  if (!retention) throw new ProtocolError('bad-request', `${channel} keeps no history.`);
  const kept = await ports.readPositions.advance(reader, seq, keptUntil(ports.now(), retention));
  return { event: 'marked', channel, seq: kept };
};
