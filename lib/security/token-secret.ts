/** The secret that signs the stage's own tokens. AWS generates it. */

import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { tokenSecretName } from '../../lambdas/identity/own-token.ts';
import type { StageSettings } from '../settings/stage-settings.ts';
import { acceptFinding } from './accepted-findings.ts';
import type { Encryption } from './encryption.ts';

/** Letters and digits: 64 of them are 380 bits, more than the 256 that HS256 makes use of. */
const LENGTH = 64;

export class TokenSecret extends Construct {
  readonly secret: Secret;

  constructor(
    scope: Construct,
    id: string,
    { name, removal, names }: StageSettings,
    uniqueName: string,
    encryption: Encryption,
  ) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      // With a fixed name the stack could not be created again: the secret that an earlier stack left behind has the name.
      ...(names === 'fixed' && { secretName: tokenSecretName(name === 'local' ? uniqueName : name) }),
      description: 'Signs the tokens of this stage (HS256)',
      generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
      removalPolicy: removal,
    });
    encryption.encryptSecret(this.secret);
    acceptFinding(
      this.secret,
      'SMG4',
      'A new value makes every token worthless that was signed with the old one: when to change it is for people to say.',
    );
  }
}
