/** The stack that `cdk bootstrap` makes, without which `cdk deploy` has nowhere to upload the functions. */

import { TOOLKIT_STACK } from '../account-facts.ts';
import { known } from '../answer.ts';
import type { StackFact } from '../facts/stacks.ts';
import type { Finding } from '../finding.ts';
import type { Check } from './check.ts';

export const bootstrap: Check = ({ account, region, answers }, { bootstrapVersion, edge }) => {
  const environments = [
    { region, version: bootstrapVersion, stacks: known(answers.stacks) },
    ...(edge && edge.region !== region
      ? [{ region: edge.region, version: edge.bootstrapVersion, stacks: known(answers.edgeStacks) }]
      : []),
  ];
  return environments.flatMap(({ region: place, version, stacks }) => {
    if (version === 0 || !stacks) return [];
    const sentence = whatIsMissing(stacks.get(TOOLKIT_STACK), version, `account ${account}, ${place}`);
    return sentence === undefined ? [] : [refusal(sentence, account, place)];
  });
};

function whatIsMissing(toolkit: StackFact | undefined, needed: number, place: string): string | undefined {
  if (!toolkit) return `The CDK is not bootstrapped in ${place}: there is no stack ${TOOLKIT_STACK}.`;
  const version = Number(toolkit.outputs.get('BootstrapVersion') ?? 0);
  if (version < needed)
    return `The bootstrap stack of ${place} has version ${version}, and the deployment needs ${needed}.`;
  // An update that was rolled back left the older version, which was compared above.
  if (/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE/.test(toolkit.status)) return undefined;
  return `The bootstrap stack of ${place} is ${toolkit.status}.`;
}

function refusal(sentence: string, account: string, region: string): Finding {
  return {
    severity: 'refuses',
    about: 'bootstrap',
    sentence,
    remedy: `Run \`npx cdk bootstrap aws://${account}/${region}\` once. If your toolkit stack has another name, this finding does not concern you.`,
  };
}
