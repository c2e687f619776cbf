/** `POST /`: commands, as on a socket: the same actions, limits and replies. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { answer } from '../actions/answer.ts';
import type { Route } from './context.ts';
import { jsonAnswer } from './http-answer.ts';
import { visitSession } from './session.ts';

export const runCommands: Route = async (request, context) => {
  // A larger one would close a socket (LM-4).
  if (Buffer.byteLength(request.body) > MESSAGE_BYTES)
    throw new ProtocolError('too-large', `A message holds at most ${MESSAGE_BYTES} bytes.`);
  const caller = await visitSession(request, context);
  return jsonAnswer(await answer(request.body, caller, context));
};
