/** A name of the app's own for an API. It takes TLS 1.2 and newer only. */

import { DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import type { DomainSettings } from '../settings/stage-settings.ts';

/** API Gateway maps no WebSocket API and HTTP API to one name, so each has a name of its own. */
export function customDomain(scope: Construct, domain: DomainSettings | undefined): DomainName | undefined {
  if (!domain) return undefined;
  return new DomainName(scope, 'Domain', {
    domainName: domain.name,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', domain.certificateArn),
    securityPolicy: SecurityPolicy.TLS_1_2,
  });
}
