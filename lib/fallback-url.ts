/** The URL of the function for clients without WebSockets. */

import { CfnOutput } from 'aws-cdk-lib';
import { FunctionUrlAuthType, InvokeMode, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * Open to everybody, as the gateway is: the function looks at tokens and origins itself. It answers for CORS, too, because the
 * URL's own knows exact origins only, and hands on what browsers ask first where it has none
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors).
 */
export function addFallbackUrl(scope: Construct, target: LambdaFunction): void {
  const { url } = target.addFunctionUrl({
    authType: FunctionUrlAuthType.NONE,
    invokeMode: InvokeMode.RESPONSE_STREAM,
  });
  new CfnOutput(scope, 'FallbackUrl', {
    description: 'Event streams, polls and commands over HTTP, for clients without WebSockets',
    value: url,
  });
}
