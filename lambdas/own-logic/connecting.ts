/** Asks `onConnect` whom the claims of a verified token stand for. */

import { grants } from 'fanfare-protocol/grants';
import { info } from 'fanfare-protocol/info';
import * as v from 'valibot';
import type { OwnClaims } from '../identity/claims.ts';
import { NotAdmitted } from '../identity/not-admitted.ts';
import type { MapClaims } from '../identity/token-verifier.ts';
import { callHandler, HandlerFailure } from './call.ts';
import type { ConnectHandlers } from './handlers.ts';
import { plainJson } from './plain-json.ts';
import { isRefusal, sentenceOf } from './refusal.ts';
import { unknownResult } from './unknown-result.ts';

/**
 * The longest budget of `onConnect`. The authorizer may wait 10 s for the keys of an issuer, and its function ends after 17 s
 * (`manifest/sockets.ts`). Milliseconds.
 */
export const CONNECT_BUDGET_MAX_MS = 5_000;

const ALLOWED = 'nothing, { user, grants, info } or refuse(...)';

/** A misspelt field is a mistake: `grant` in place of `grants` would otherwise leave the rights of the token as they are. */
const mapped = v.strictObject({
  user: v.optional(v.pipe(v.string(), v.minLength(1))),
  grants: v.optional(grants),
  info: v.optional(info),
});

/** `undefined` if the configuration has no `onConnect`: then the claims count as they are. */
export function claimMapper(handlers: ConnectHandlers): MapClaims | undefined {
  if (!handlers.onConnect) return undefined;
  return async (claims, issuer) => {
    const result = await callHandler({
      name: 'onConnect',
      budgetMs: handlers.connectBudgetMs,
      run: (signal) => handlers.onConnect?.(claims, { issuer, signal }),
    });
    if (isRefusal(result)) throw new NotAdmitted(result.code ?? 'forbidden', sentenceOf(result));
    if (result === undefined) return {};
    if (typeof result !== 'object') throw unknownResult('onConnect', result, ALLOWED);
    return ownClaims(result);
  };
}

/** @throws HandlerFailure that names the field, and not its value. */
function ownClaims(result: object): OwnClaims {
  const { success, output, issues } = v.safeParse(mapped, result);
  if (!success) {
    const place = v.getDotPath(issues[0]);
    throw new HandlerFailure(
      `onConnect returned something that is not ${ALLOWED}${place ? `: look at ${place}` : ''}`,
    );
  }
  return {
    ...(output.user !== undefined && { sub: output.user }),
    ...(output.grants && { channels: output.grants }),
    ...(output.info !== undefined && { info: plainJson('onConnect', output.info) }),
  };
}
