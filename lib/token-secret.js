/** The secret that the stage's own tokens are signed with: made by AWS, and read only by those who may. */
import { Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { tokenSecretName } from '../lambdas/identity/own-token.js';
import { acceptFinding } from './accepted-findings.js';
/** Letters and digits: 64 of them are 380 bits, more than the 256 that HS256 makes use of. */
const LENGTH = 64;
export class TokenSecret extends Construct {
    secret;
    constructor(scope, id, { removal, names }, encryption) {
        super(scope, id);
        this.secret = new Secret(this, 'Secret', {
            // A name of its own would be taken by what an earlier stack left behind, and the stack could not be created again.
            ...(names === 'fixed' && { secretName: tokenSecretName(Stack.of(this).stackName) }),
            description: 'Signs the tokens of this stage (HS256)',
            generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
            removalPolicy: removal,
        });
        encryption.encryptSecret(this.secret);
        acceptFinding(this.secret, 'SMG4', 'A new value makes every token worthless that was signed with the old one: when to change it is for people to say.');
    }
}
