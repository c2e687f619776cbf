/** The secret that the stage's own tokens are signed with: made by AWS, seen by nobody who may not read it. */

import { Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { tokenSecretName } from '../lambdas/identity/own-token.ts';
import { acceptFinding } from './accepted-findings.ts';
import type { Encryption } from './encryption.ts';
import type { StageSettings } from './stage-settings.ts';

/** Letters and digits: 64 of them are 380 bits, more than the 256 that HS256 makes use of. */
const LENGTH = 64;

export class TokenSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, { removal }: StageSettings, encryption: Encryption) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      secretName: tokenSecretName(Stack.of(this).stackName),
      description: 'Signs the tokens of this stage (HS256)',
      generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
      removalPolicy: removal,
      ...encryption.key,
    });
    acceptFinding(
      this.secret,
      'SMG4',
      'A new value makes every token worthless that was signed with the old one: when to change it is for people to say.',
    );
  }
}
