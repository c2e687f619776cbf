/** A Fanfare of another stack or app, known by its attributes. */

import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { FanfareBase } from './fanfare-base.ts';

/** What `Fanfare.fromAttributes` is told: the outputs of the other stack. */
export interface FanfareAttributes {
  /** The name of the stage, which its URLs end with. */
  readonly name: string;
  /** The output `WebSocketUrl`. */
  readonly webSocketUrl: string;
  /** The output `ApiUrl`. */
  readonly apiUrl: string;
  /** The output `ManagementUrl`. */
  readonly managementEndpoint: string;
  /** The output `TokenSecret`, with the six characters at its end. */
  readonly tokenSecretArn: string;
  /** The first label of the host of the WebSocket API that AWS made. */
  readonly webSocketApiId: string;
  /** The first label of the host of the HTTP API that AWS made. */
  readonly httpApiId: string;
  /** How servers authenticate to its HTTP API. @default 'token' */
  readonly apiAuthorization?: 'token' | 'iam';
}

export class ImportedFanfare extends FanfareBase {
  readonly name: string;
  readonly webSocketUrl: string;
  readonly apiUrl: string;
  readonly managementEndpoint: string;
  readonly tokenSecret: ISecret;
  protected readonly apis: FanfareBase['apis'];

  constructor(scope: Construct, id: string, attributes: FanfareAttributes) {
    super(scope, id);
    const { webSocketApiId, httpApiId, apiAuthorization = 'token' } = attributes;
    this.name = attributes.name;
    this.webSocketUrl = attributes.webSocketUrl;
    this.apiUrl = attributes.apiUrl;
    this.managementEndpoint = attributes.managementEndpoint;
    this.tokenSecret = Secret.fromSecretCompleteArn(this, 'TokenSecret', attributes.tokenSecretArn);
    this.apis = { webSocketApiId, httpApiId, apiAuthorization };
  }
}
