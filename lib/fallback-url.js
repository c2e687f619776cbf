/** The URL of the function for clients without WebSockets. */
import { CfnOutput, CfnResource } from 'aws-cdk-lib';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
/**
 * Open to everybody, as the gateway is: the function looks at tokens and origins itself. It answers for CORS, too, because the
 * URL's own knows exact origins only, and hands on what browsers ask first where it has none
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors).
 */
export function addFallbackUrl(scope, target) {
    const functionUrl = target.addFunctionUrl({
        authType: FunctionUrlAuthType.NONE,
        invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    const { defaultChild } = functionUrl.node;
    // The local runtime would let in pages of this machine only, and `origins` may name others.
    if (CfnResource.isCfnResource(defaultChild))
        defaultChild.addMetadata('fanfare-local:any-page', true);
    new CfnOutput(scope, 'FallbackUrl', {
        description: 'Event streams, polls and commands over HTTP, for clients without WebSockets',
        value: functionUrl.url,
    });
}
