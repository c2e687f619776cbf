/** What the edge sends along with every handshake, and no other client can: made by AWS, in no template. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acceptFinding } from './accepted-findings.js';
import { EDGE_REGION } from './edge-settings.js';
/** Letters and digits: 43 of them are 256 bits. */
const LENGTH = 43;
export class OriginKey extends Construct {
    /**
     * Belongs to the backend, which cannot do without it, and is copied to the region of the edge under the same name.
     * Always under keys that AWS manages: the stack's own key is of one region.
     */
    secret;
    constructor(scope, id, edge) {
        super(scope, id);
        this.secret = new Secret(this, 'Secret', {
            // A fixed name, because the edge refers to the secret from another region. It is deleted with its stack, and when a creation
            // fails, so it is not in the way of a second one. If a deletion by hand still waits for its 30 days, raise `keyVersion`.
            secretName: originKeyName(Stack.of(this).stackName, edge),
            description: 'The edge sends it to the authorizer',
            generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
            replicaRegions: edge.backendRegion === EDGE_REGION ? [] : [{ region: EDGE_REGION }],
            // A new one is as good as this one.
            removalPolicy: RemovalPolicy.DESTROY,
        });
        acceptFinding(this.secret, 'SMG4', 'CloudFront would go on with the old value: the key is replaced by a deployment of both, with a new keyVersion.');
    }
}
/** In both regions. */
export function originKeyName(backendStackName, { keyVersion }) {
    return `${backendStackName}/origin-key-${keyVersion}`;
}
