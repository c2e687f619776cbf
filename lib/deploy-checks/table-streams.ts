/** Which mappings of a template read the stream of a table. */

import type { DeployResource, DeployTemplate } from './deploy-template.ts';
import { intrinsicOf } from './intrinsics.ts';

export function mappingsOf({ resources }: DeployTemplate): readonly DeployResource[] {
  return [...resources.values()].filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping');
}

/** A stream of a table of this template, or one that is named by its ARN. */
export function readsTable({ properties }: DeployResource): boolean {
  const { EventSourceArn: arn } = properties;
  return attributeIn(arn)?.endsWith('.StreamArn') ?? JSON.stringify(arn ?? '').includes(':dynamodb:');
}

export function readsStreamOf({ properties }: DeployResource, table: string): boolean {
  return attributeIn(properties['EventSourceArn']) === `${table}.StreamArn`;
}

/** `Id.Attribute` of a call of `Fn::GetAtt`. */
function attributeIn(value: unknown): string | undefined {
  const { name, operand } = intrinsicOf(value) ?? {};
  return name === 'Fn::GetAtt' ? [operand].flat().join('.') : undefined;
}
