/** The URL of the function for clients without WebSockets. */

import { CfnOutput, CfnResource } from 'aws-cdk-lib';
import { FunctionUrlAuthType, InvokeMode, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * Every client can call it, as it can call the gateway: the function checks tokens and origins itself. It answers CORS requests,
 * too. The CORS of the URL itself takes exact origins only, and without it the URL passes preflight requests on to the function
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors).
 */
export function addFallbackUrl(scope: Construct, target: LambdaFunction): void {
  const functionUrl = target.addFunctionUrl({
    authType: FunctionUrlAuthType.NONE,
    invokeMode: InvokeMode.RESPONSE_STREAM,
  });
  const { defaultChild } = functionUrl.node;
  // Without it, the local runtime would admit pages of this machine only, although `origins` may name others.
  if (CfnResource.isCfnResource(defaultChild)) defaultChild.addMetadata('fanfare-local:any-page', true);
  new CfnOutput(scope, 'FallbackUrl', {
    description: 'Event streams, polls and commands over HTTP, for clients without WebSockets',
    value: functionUrl.url,
  });
}
