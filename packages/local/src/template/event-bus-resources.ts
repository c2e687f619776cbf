/** The properties of event buses and rules that the runtime reads. */

import * as v from 'valibot';

export const eventBus = v.object({ Name: v.string() });

const inputTransformer = v.object({
  InputPathsMap: v.optional(v.record(v.string(), v.string()), {}),
  InputTemplate: v.string(),
});

const target = v.object({
  Arn: v.string(),
  Input: v.optional(v.string()),
  InputPath: v.optional(v.string()),
  InputTransformer: v.optional(inputTransformer),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html */
export const rule = v.object({
  Name: v.optional(v.string()),
  EventBusName: v.optional(v.string()),
  EventPattern: v.optional(v.unknown()),
  ScheduleExpression: v.optional(v.string()),
  State: v.optional(
    v.picklist(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']),
    'ENABLED',
  ),
  Targets: v.optional(v.array(target), []),
});
