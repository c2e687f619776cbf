/** The retries and destinations of the asynchronous invocations of each function. */

import { StartError } from '../start-error.ts';
import { functionNameOf, hasFunction } from './function-arn.ts';
import {
  DEFAULT_EVENT_AGE_SECONDS,
  DEFAULT_RETRY_ATTEMPTS,
  type Resource,
  type Resources,
} from './resources.ts';

export interface EventInvokeConfig {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
  /** Names of functions. */
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
}

export const defaultEventInvokeConfig: EventInvokeConfig = {
  maximumRetryAttempts: DEFAULT_RETRY_ATTEMPTS,
  maximumEventAgeMs: DEFAULT_EVENT_AGE_SECONDS * 1000,
  onSuccess: undefined,
  onFailure: undefined,
};

/**
 * The configurations of the template, by the name of the function.
 *
 * @throws StartError that names a configuration whose function or destination is no function of the template.
 */
export function eventInvokeConfigs(resources: Resources): ReadonlyMap<string, EventInvokeConfig> {
  return new Map(
    resources['AWS::Lambda::EventInvokeConfig'].map((config) => {
      const functionIn = (reference: string) => knownFunction(reference, config, resources);
      const { OnSuccess, OnFailure } = config.DestinationConfig;
      return [
        functionIn(config.FunctionName),
        {
          maximumRetryAttempts: config.MaximumRetryAttempts,
          maximumEventAgeMs: config.MaximumEventAgeInSeconds * 1000,
          onSuccess: OnSuccess && functionIn(OnSuccess.Destination),
          onFailure: OnFailure && functionIn(OnFailure.Destination),
        },
      ] as const;
    }),
  );
}

function knownFunction(
  reference: string,
  { logicalId }: Resource<'AWS::Lambda::EventInvokeConfig'>,
  resources: Resources,
): string {
  const name = functionNameOf(reference);
  if (hasFunction(resources, name)) return name;
  throw new StartError(`${logicalId} names ${reference}, which is no function of the template.`);
}
