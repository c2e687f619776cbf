/** The failure in a response that is no success. */

import { refusal } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import { type FailureCode, FanfareError } from '../wire/errors.ts';

/** Answers of API Gateway itself, whose bodies have another shape. Each sentence says what to do. */
const ofGateway: ReadonlyMap<number, readonly [FailureCode, string]> = new Map([
  [401, ['unauthenticated', 'The HTTP API got no token. Pass one as the option token of FanfareServer.']],
  [
    403,
    [
      'forbidden',
      'The HTTP API refused the token. It takes a token for servers of this stage, which has not expired and was not revoked: signServerToken() makes one, and so does npm run -s token -- --server.',
    ],
  ],
  [404, ['not-found', 'There is no HTTP API at this URL. Pass the output ApiUrl of the stack.']],
  [413, ['too-large', 'The request is larger than API Gateway takes.']],
  [429, ['rate-limited', 'The stage gets more requests than its setting apiThrottle allows.']],
]);

/** @param isRenewable Whether another token follows an expired one. */
export function refused(status: number, body: unknown, isRenewable: boolean): FanfareError {
  const { success, output } = v.safeParse(refusal, body);
  if (success) return new FanfareError(output, isRenewable);
  const otherwise = [status < 500 ? 'forbidden' : 'internal', `The API answered ${status}.`] as const;
  const [code, message] = ofGateway.get(status) ?? otherwise;
  return new FanfareError({ code, status, message });
}
