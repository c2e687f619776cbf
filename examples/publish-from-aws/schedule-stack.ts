/** Publishes every hour: a schedule that puts an event of the type `fanfare.publish` on the default bus. */

import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { EventBridgePutEvents } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';

export interface ScheduleProps extends StackProps {
  /** The stage that publishes, in the same account and region. */
  readonly stage: string;
}

export class ScheduleStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: ScheduleProps) {
    super(scope, id, { description: 'The hours as messages of Fanfare', ...props });

    new Schedule(this, 'Hourly', {
      schedule: ScheduleExpression.rate(Duration.hours(1)),
      target: new EventBridgePutEvents({
        eventBus: EventBus.fromEventBusName(this, 'Bus', 'default'),
        source: 'clock',
        detailType: 'fanfare.publish',
        detail: ScheduleTargetInput.fromObject({
          stage,
          channels: ['public:clock'],
          data: 'One more hour',
          // The same for every attempt of one hour, which then lands once.
          key: ContextAttribute.scheduledTime,
        }),
      }),
    });
  }
}
