/** Findings of cdk-nag that are accepted: each beside its resource, with a reason that a reviewer can judge. */
import { Stack, Validations } from 'aws-cdk-lib';
/** `rule` is the id without the name of the pack: `APIG4`. */
export function acceptFinding(scope, rule, reason) {
    Validations.of(scope).acknowledge({ id: `AwsSolutions-${rule}`, reason });
}
/** Accepts a wildcard in the ARN of a permission; each ARN is a finding of its own, and has a reason of its own. */
export function acceptWildcard(scope, arn, reason) {
    acceptFinding(scope, `IAM5[Resource::${asNamed(Stack.of(scope).resolve(arn))}]`, reason);
}
/** An ARN of a template in one line, as cdk-nag has it: `arn:<AWS::Partition>:execute-api:…:<GatewayApi4EDF2151>/prod/*`. */
export function asNamed(value) {
    if (typeof value === 'string')
        return value;
    if (typeof value !== 'object' || value === null)
        throw new Error(`${value} is no part of an ARN`);
    if ('Ref' in value)
        return `<${value.Ref}>`;
    if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt']))
        return `<${value['Fn::GetAtt'].join('.')}>`;
    if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
        const [delimiter, parts] = value['Fn::Join'];
        return parts.map(asNamed).join(delimiter);
    }
    throw new Error(`${JSON.stringify(value)} has no name in a finding`);
}
