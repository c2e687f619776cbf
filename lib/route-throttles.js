/** Limits of single routes on a stage, for which there is no L2 (CD-4). */
import { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
/** The stage then names routes, and has to depend on them: API Gateway refuses the name of one that is not there yet. */
export function throttleRoutes(stage, throttles) {
    const { defaultChild } = stage.node;
    if (!(defaultChild instanceof CfnStage))
        throw new Error('The stage has no resource');
    const settings = Object.entries(throttles).map(([key, { rateLimit, burstLimit }]) => [
        key,
        { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit },
    ]);
    defaultChild.routeSettings = Object.fromEntries(settings);
}
