/**
 * The edge: CloudFront and a firewall in front of the WebSocket API, which takes no firewall itself (WF-1). The backend
 * refuses clients that come past it. It has not been run on AWS: the comments repeat AWS's documentation (`docs/edge.md`).
 */

import { CfnOutput, SecretValue, Stack, type StackProps } from 'aws-cdk-lib';
import type { WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  type DistributionProps,
  GeoRestriction,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Construct } from 'constructs';
import { acceptFinding } from '../security/accepted-findings.ts';
import { originKeyName } from '../security/origin-key.ts';
import { EDGE_REGION, type EdgeSettings } from '../settings/edge-settings.ts';
import type { StageSettings } from '../settings/stage-settings.ts';
import { EdgeAccessLog } from './edge-access-log.ts';
import { EdgeFirewall } from './edge-firewall.ts';

export interface EdgeStackProps extends StackProps {
  readonly edge: EdgeSettings;
  readonly settings: StageSettings;
  readonly backend: Backend;
}

/** The stack behind the edge, and the stage of its WebSocket API. */
type Backend = Stack & { readonly stage: WebSocketStage };

export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, { edge, settings, backend, ...props }: EdgeStackProps) {
    super(scope, id, {
      description: `Fanfare, edge of stage ${settings.name}`,
      ...props,
      env: { ...props.env, region: EDGE_REGION },
    });
    // The stack of the backend makes the origin key.
    this.addStackDependency(backend);
    const firewall = new EdgeFirewall(this, 'Firewall', edge);
    const distribution = new Distribution(this, 'Distribution', {
      comment: `Fanfare, stage ${settings.name}`,
      webAclId: firewall.webAclArn,
      defaultBehavior: {
        origin: gatewayBehindKey(backend, edge),
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        // A handshake is a GET; the management API is not for clients, and its signatures would not survive (WF-5).
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // `Sec-WebSocket-*` (WF-3), `Origin`, `Authorization` and the query, but not `Host`: the gateway knows only its own.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        compress: false,
      },
      ...ownName(this, edge),
      ...restriction(edge),
    });
    new EdgeAccessLog(this, 'AccessLog', {
      distribution,
      retention: settings.logRetention,
      removal: settings.removal,
    });
    acceptFindings(distribution, edge);

    const host = edge.domain === 'none' ? distribution.distributionDomainName : edge.domain.name;
    new CfnOutput(this, 'EdgeUrl', {
      description: 'Clients connect here',
      value: `wss://${host}/${backend.stage.stageName}`,
    });
  }
}

/** Clients name the stage, as without an edge: an origin path would leave a slash behind it, which the gateway may refuse (EP-1). */
function gatewayBehindKey({ stage, stackName, urlSuffix }: Backend, edge: EdgeSettings): IOrigin {
  const host = `${stage.api.apiId}.execute-api.${edge.backendRegion}.${urlSuffix}`;
  // CloudFormation resolves this reference, so neither the template nor its history contains the key.
  const key = SecretValue.secretsManager(originKeyName(stackName, edge)).unsafeUnwrap();
  return new HttpOrigin(host, {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    // CloudFront replaces a header of this name that a client sends.
    customHeaders: { 'x-fanfare-origin-key': key },
  });
}

function ownName(scope: Construct, { domain }: EdgeSettings): Partial<DistributionProps> {
  if (domain === 'none') return {};
  return {
    domainNames: [domain.name],
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', domain.certificateArn),
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
  };
}

/** CloudFront's own restriction: a rule of the firewall would do the same, for a dollar a month. */
function restriction({ countries }: EdgeSettings): Partial<DistributionProps> {
  if (countries === 'all') return {};
  const geoRestriction =
    'only' in countries
      ? GeoRestriction.allowlist(...countries.only)
      : GeoRestriction.denylist(...countries.except);
  return { geoRestriction };
}

function acceptFindings(distribution: Distribution, { domain, countries }: EdgeSettings): void {
  acceptFinding(
    distribution,
    'CFR3',
    'It has an access log by standard logging version 2: version 1, which the rule looks for, would log tokens in queries.',
  );
  if (domain === 'none')
    acceptFinding(
      distribution,
      'CFR4',
      'Chosen by the stage for trials: with its own name and certificate CloudFront takes no other policy than TLSv1.',
    );
  if (countries === 'all')
    acceptFinding(distribution, 'CFR1', 'Chosen by the stage: its clients may be in any country.');
}
