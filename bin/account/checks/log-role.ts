/** The account's one role for the logs of API Gateway, which a stack may set, overwrite or lack (LG-2). */

import { known } from '../answer.ts';
import type { Check } from './check.ts';

export const logRole: Check = ({ region, answers }, needs) => {
  const account = known(answers.gateway);
  if (!account) return [];
  const { logRole: role } = account;
  if (needs.setsLogRole) return role === undefined || isOwn(role, answers) ? [] : [overwritten(role, region)];
  if (role !== undefined || !needs.usesLogRole) return [];
  return [
    {
      severity: 'refuses',
      about: 'log-role',
      sentence: `API Gateway has no log role in ${region}, and the stage writes access logs with one: \`gatewayLogRole: 'existing'\` expects it to be there.`,
      remedy: `Set \`gatewayLogRole: 'create'\` for the stage in lib/settings/stage-settings.ts, or name a role that may write logs: \`aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value=<ARN> --region ${region}\``,
    },
  ];
};

function overwritten(role: string, region: string) {
  return {
    severity: 'note' as const,
    about: 'log-role',
    sentence: `The stack replaces the log role of API Gateway in ${region}, which is ${role} now: from then on every WebSocket and REST API of the account logs with the new one, and keeps it when the stack goes.`,
    remedy:
      "To keep the present one, set `gatewayLogRole: 'existing'` for the stage in lib/settings/stage-settings.ts.",
  };
}

/** A role's physical id is its name, with which its ARN ends. */
function isOwn(role: string, answers: Parameters<Check>[0]['answers']): boolean {
  const resources = known(answers.resources) ?? [];
  return resources.some(
    ({ type, physicalId }) => type === 'AWS::IAM::Role' && role.endsWith(`/${physicalId}`),
  );
}
