/** The parts of one API of a template that has two: the WebSocket API, and the HTTP API for servers. */

import type { Template } from 'aws-cdk-lib/assertions';

export type Protocol = 'HTTP' | 'WEBSOCKET';

type Part = 'Authorizer' | 'Integration' | 'Route' | 'RouteResponse' | 'Stage';

export class GatewayApi {
  private readonly template: Template;
  /** Logical id. */
  readonly id: string;

  constructor(template: Template, protocol: Protocol) {
    const ofProtocol = { Properties: { ProtocolType: protocol } };
    const [id, ...others] = Object.keys(template.findResources('AWS::ApiGatewayV2::Api', ofProtocol));
    if (id === undefined || others.length > 0)
      throw new Error(`The template has not exactly one API for ${protocol}`);
    this.template = template;
    this.id = id;
  }

  parts(part: Part) {
    const own = { Properties: { ApiId: { Ref: this.id } } };
    const found = this.template.findResources(`AWS::ApiGatewayV2::${part}`, own);
    return Object.entries(found).map(([id, { Properties, DependsOn }]) => ({ id, Properties, DependsOn }));
  }

  /** @throws Error if there is not exactly one. */
  only(part: Part) {
    const [found, ...others] = this.parts(part);
    if (!found || others.length > 0) throw new Error(`${this.id} has not exactly one ${part}`);
    return found;
  }

  get keys(): readonly string[] {
    return this.parts('Route').map(({ Properties }) => Properties.RouteKey);
  }
}
