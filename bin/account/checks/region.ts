/**
 * Checks that the region and the partition of AWS offer all services that the stage uses. From the documentation, read in
 * November 2026.
 */

import type { Finding } from '../finding.ts';
import type { StageNeeds } from '../stage-needs.ts';
import type { Check } from './check.ts';

export const region: Check = ({ region: name }, needs) =>
  rules
    .filter(({ concerns, matters }) => concerns(name) && matters(needs))
    .map(({ severity, sentence, remedy }) => ({
      severity,
      about: 'region',
      sentence: sentence(name),
      ...(remedy !== undefined && { remedy }),
    }));

interface Rule extends Pick<Finding, 'severity' | 'remedy'> {
  readonly concerns: (region: string) => boolean;
  readonly matters: (needs: StageNeeds) => boolean;
  readonly sentence: (region: string) => string;
}

const isChina = (name: string) => name.startsWith('cn-');
const isGovCloud = (name: string) => name.startsWith('us-gov-');

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html */
const WITHOUT_FUNCTION_URLS: ReadonlySet<string> = new Set([
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
]);

const rules: readonly Rule[] = [
  {
    severity: 'refuses',
    concerns: (name) => isChina(name) || WITHOUT_FUNCTION_URLS.has(name),
    matters: ({ hasFunctionUrl }) => hasFunctionUrl,
    sentence: (name) => `Lambda has no function URLs in ${name}, and the fallback of the stage needs one.`,
    remedy:
      "Set `fallback: 'none'` for the stage in lib/settings/stage-settings.ts, or choose another region.",
  },
  {
    severity: 'refuses',
    concerns: (name) => isChina(name) || isGovCloud(name),
    matters: ({ edge }) => edge !== undefined,
    sentence: (name) =>
      `The edge is made in us-east-1, which credentials of ${name} cannot reach: it is another partition of AWS.`,
    remedy: "Set `edge: 'none'` for the stage in lib/settings/stage-settings.ts.",
  },
  {
    // https://docs.amazonaws.cn/en_us/aws/latest/userguide/api-gateway.html
    severity: 'starves',
    concerns: isChina,
    matters: () => true,
    sentence: (name) =>
      `In ${name}, API Gateway answers requests without IAM credentials only for accounts with an ICP licence; without one, every handshake gets 403.`,
    remedy: 'Ask AWS China to connect the account with your ICP licence.',
  },
  {
    // https://docs.amazonaws.cn/en_us/aws/latest/userguide/lambda.html
    severity: 'note',
    concerns: isChina,
    matters: ({ recursiveFunctions }) => recursiveFunctions > 0,
    sentence: (name) =>
      `Lambda has no detection of recursive loops in ${name}, and may refuse the property \`RecursiveLoop\` of the delivery workers.`,
    remedy:
      'If it does, leave `recursiveLoop` out in lib/functions/fanfare-function.ts: it only switches the detection off.',
  },
  {
    // https://github.com/aws-powertools/powertools-lambda-python/issues/3545 (December 2023)
    severity: 'note',
    concerns: (name) => name === 'ca-west-1',
    matters: () => true,
    sentence: (name) =>
      `Lambda did not offer the architecture arm64 in ${name} when the region opened; preflight cannot ask whether it does now.`,
    remedy:
      'If a function is refused for it, choose `Architecture.X86_64` in lib/functions/fanfare-function.ts.',
  },
];
