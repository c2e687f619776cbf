/** The resource policy of CloudWatch Logs that every HTTP API with an access log makes longer. */

import { known } from '../answer.ts';
import type { Check } from './check.ts';
import { number } from './numbers.ts';

/** Where AWS lists the log groups that it delivers to. */
const DELIVERY_POLICY = 'AWSLogDeliveryWrite20150319';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html */
const MOST_CHARACTERS = 5_120;

/** The ARN of one of the stage's log groups. */
const CHARACTERS_OF_A_LOG_GROUP = 150;

/** For an account and region; the quota cannot be raised. */
const MOST_POLICIES = 10;

const POLICIES = '`aws logs describe-resource-policies`';

export const logPolicies: Check = ({ answers }, { httpAccessLogs, stackName }) => {
  const policies = known(answers.logPolicies);
  // A stack that exists has its log groups in the policy already.
  if (!policies || httpAccessLogs === 0 || known(answers.stacks)?.has(stackName)) return [];
  const delivery = policies.find(({ name }) => name === DELIVERY_POLICY);
  if (!delivery && policies.length >= MOST_POLICIES)
    return [
      {
        severity: 'refuses',
        about: 'log-policy',
        sentence: `CloudWatch Logs has ${policies.length} resource policies, as many as AWS allows, and the access log of the HTTP API needs another one.`,
        remedy: `Delete one that is not needed: ${POLICIES} lists them.`,
      },
    ];
  const characters = (delivery?.characters ?? 0) + httpAccessLogs * CHARACTERS_OF_A_LOG_GROUP;
  if (characters <= MOST_CHARACTERS) return [];
  return [
    {
      severity: 'note',
      about: 'log-policy',
      sentence: `The resource policy ${DELIVERY_POLICY} would have about ${number(characters)} characters with the access log of the HTTP API; AWS documents ${number(MOST_CHARACTERS)} as the most, and may refuse the stage of that API ("Cannot enable logging").`,
      remedy: `If it does, remove log groups from the policy that are gone: ${POLICIES} shows it, \`aws logs put-resource-policy\` replaces it.`,
    },
  ];
};
