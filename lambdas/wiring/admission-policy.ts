/** The rules by which a stage lets clients in on AWS, whether they come by WebSocket or by HTTP. */

import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import config from 'fanfare-config';
import * as v from 'valibot';
import { secretValue, signingSecrets } from '../aws/secret-value.ts';
import type { Admissions } from '../identity/admission.ts';
import { issuers } from '../identity/issuer.ts';
import { origins } from '../identity/origins.ts';
import { tokenVerifier } from '../identity/token-verifier.ts';
import type { toAdmit } from '../manifest/shared-needs.ts';
import { claimMapper } from '../own-logic/connecting.ts';
import { admitsAnonymous } from '../realtime/access/namespaces.ts';
import { stageInfo } from '../realtime/access/stage-info.ts';
import type { Environment } from './environment.ts';

const json = v.pipe(v.string(), v.parseJson());
const wholeSeconds = v.pipe(v.string(), v.digits(), v.transform(Number));

/** @throws ValiError for settings of the wrong form. */
export function admissionsOf(environment: Environment<keyof typeof toAdmit>): Admissions {
  const secrets = new SecretsManagerClient();
  const clockSkewSeconds = v.parse(wholeSeconds, environment.CLOCK_SKEW);
  const policies = config(stageInfo(environment.STAGE));
  return {
    clockSkewSeconds,
    policy: {
      origins: v.parse(v.pipe(json, origins), environment.ORIGINS),
      admitsAnonymous: admitsAnonymous(policies),
      verify: tokenVerifier({
        audience: environment.STAGE,
        secrets: signingSecrets(secrets, environment.TOKEN_SECRET, Date.now),
        issuers: v.parse(v.pipe(json, issuers), environment.ISSUERS),
        clockSkewSeconds,
        now: Date.now,
        mapClaims: claimMapper(policies),
      }),
      originKey:
        environment.ORIGIN_KEY_SECRET === 'none'
          ? undefined
          : secretValue(secrets, environment.ORIGIN_KEY_SECRET, Date.now),
    },
  };
}
