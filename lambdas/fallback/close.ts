/** `DELETE /`: closes the session, and ends its stream, which runs in another container. */

import { forget } from '../realtime/connections/membership.ts';
import type { Route } from './context.ts';
import { NO_CONTENT } from './http-answer.ts';
import { findSession } from './session.ts';

export const close: Route = async (request, context) => {
  const { ports } = context;
  const { connectionId } = await findSession(request, context);
  await ports.outbound.disconnect(connectionId);
  await forget(ports, connectionId);
  return NO_CONTENT;
};
