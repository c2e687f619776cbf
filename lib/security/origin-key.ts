/** The secret that the edge sends with every handshake. AWS generates it, and no template holds it. */

import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { EDGE_REGION, type EdgeSettings } from '../settings/edge-settings.ts';
import { acceptFinding } from './accepted-findings.ts';

/** Letters and digits: 43 of them are 256 bits. */
const LENGTH = 43;

export class OriginKey extends Construct {
  /**
   * Belongs to the stack of the backend, and is copied to the region of the edge under the same name. It is always encrypted by
   * keys that AWS manages, because the stack's own key exists in one region only.
   */
  readonly secret: Secret;

  constructor(scope: Construct, id: string, edge: EdgeSettings, uniqueName: string) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      // A fixed name, because the edge refers to the secret from another region. It is deleted with its stack, and when a creation
      // fails, so it is not in the way of a second one. If a deletion by hand still waits for its 30 days, raise `keyVersion`.
      secretName: originKeyName(uniqueName, edge),
      description: 'The edge sends it to the authorizer',
      generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
      replicaRegions: edge.backendRegion === EDGE_REGION ? [] : [{ region: EDGE_REGION }],
      // A new stack makes a new key.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acceptFinding(
      this.secret,
      'SMG4',
      'CloudFront would go on with the old value: the key is replaced by a deployment of both, with a new keyVersion.',
    );
  }
}

/** In both regions. */
export function originKeyName(uniqueName: string, { keyVersion }: EdgeSettings): string {
  return `${uniqueName}/origin-key-${keyVersion}`;
}
