/** Refuses requests for which a function has no permission, in the words of DynamoDB. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { dynamodbNeeds } from '../permissions/dynamodb-needs.ts';
import type { Guard } from '../permissions/permissions.ts';
import { CONTENT_TYPE } from './store-behind.ts';

const ACCESS_DENIED = 'com.amazon.coral.service#AccessDeniedException';

/** Returns true if the request was refused. The answer has been sent in that case. */
export function isRefused(
  guard: Guard,
  operation: string,
  body: () => unknown,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { authorization } = request.headers;
  const denied = guard.refusalOf(authorization, () => dynamodbNeeds(operation, body()));
  if (denied === undefined) return false;
  response.writeHead(400, { 'Content-Type': CONTENT_TYPE });
  response.end(JSON.stringify({ __type: ACCESS_DENIED, Message: denied }));
  return true;
}
