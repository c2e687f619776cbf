/** `POST /edits`: new data for a message of a channel, or its deletion. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { serverOrigin } from '../own-logic/context.ts';
import { unmetered } from '../realtime/access/meter.ts';
import { editByRules } from '../realtime/log/edit-by-rules.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeServer } from './server-rights.ts';

export const edit: OperationHandler<'edit'> = async ({ channel, ...asked }, context) => {
  const { ports, sender } = context;
  const policy = authorizeServer(context, 'publish', channel);
  if (!policy.edit) throw new ProtocolError('forbidden', `Messages of ${channel} cannot be edited.`);
  const editor = { kind: 'server' } as const;
  const origin = serverOrigin('server', context);
  const editing = { ports, channel, policy, editor, sender, origin, spend: unmetered };
  return { channel, seq: await editByRules(editing, asked) };
};
