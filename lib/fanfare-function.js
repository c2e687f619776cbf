/** One function of the manifest, with a role and a log group of its own and nothing that it did not ask for. */
import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, RecursiveLoop, Runtime, } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bind } from './bindings.js';
export class FanfareFunction extends Construct {
    function;
    constructor(scope, id, props) {
        super(scope, id);
        const { manifest, code, resources, settings, functionName } = props;
        const logGroup = new LogGroup(this, 'Log', {
            ...resources.encryption.key,
            retention: settings.logRetention,
            removalPolicy: settings.removal,
        });
        // Instead of AWSLambdaBasicExecutionRole, which may write to every log group of the account.
        const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
        logGroup.grantWrite(role);
        this.function = new LambdaFunction(this, 'Function', {
            description: manifest.purpose,
            runtime: Runtime.NODEJS_24_X,
            architecture: Architecture.ARM_64,
            handler: 'index.handler',
            code,
            role,
            logGroup,
            memorySize: manifest.memoryMb,
            timeout: Duration.seconds(manifest.timeoutSeconds),
            ...(functionName !== undefined && { functionName }),
            ...reservation(manifest, settings),
            // A lane of many batches is a chain of invocations, which Lambda would take for a loop and stop after the 16th.
            ...(manifest.trigger.kind === 'asynchronous' && { recursiveLoop: RecursiveLoop.ALLOW }),
            environment: { ...bind(manifest.needs, role, resources), NODE_OPTIONS: '--enable-source-maps' },
        });
    }
}
function reservation({ trigger }, { fallback }) {
    if (trigger.kind !== 'url' || fallback === 'none' || fallback.concurrency === 'unreserved')
        return {};
    return { reservedConcurrentExecutions: fallback.concurrency };
}
