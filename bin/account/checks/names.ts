/** Names that the template spells out, and that something outside the stack has already. */

import type { AccountAnswers } from '../account-facts.ts';
import { known } from '../answer.ts';
import type { SecretFact } from '../facts/secrets.ts';
import type { Finding } from '../finding.ts';
import type { StageNeeds } from '../stage-needs.ts';
import type { Check } from './check.ts';

export const names: Check = (account, needs) => [
  ...takenFunctions(account, needs),
  ...(known(account.answers.secrets) ?? []).flatMap((secret) => aboutSecret(secret, account, needs)),
];

function takenFunctions({ region, answers }: AccountAnswers, { fixedNames }: StageNeeds): Finding[] {
  const functions = known(answers.functions);
  const owned = ownedNames(answers);
  // Without the list of the stack's resources, its own functions would count as foreign.
  if (!functions || !owned) return [];
  return fixedNames
    .filter(({ type, name }) => type === 'AWS::Lambda::Function' && functions.has(name) && !owned.has(name))
    .map(({ name }) => ({
      severity: 'refuses' as const,
      about: 'name',
      sentence: `A function ${name} exists in ${region} and belongs to no resource of the stack, which makes one of this name.`,
      remedy: `If you do not need it: \`aws lambda delete-function --function-name ${name} --region ${region}\``,
    }));
}

function aboutSecret(
  { name, isBeingDeleted }: SecretFact,
  { region, answers }: AccountAnswers,
  { fixedNames, stackName }: StageNeeds,
): Finding[] {
  const owned = ownedNames(answers);
  if (!owned || owned.has(name)) return [];
  const remove = `\`aws secretsmanager delete-secret --secret-id ${name} --force-delete-without-recovery --region ${region}\``;
  if (!fixedNames.some((fixed) => fixed.type === 'AWS::SecretsManager::Secret' && fixed.name === name))
    return [
      {
        severity: 'note',
        about: 'name',
        sentence: `A secret ${name} is left from an earlier deployment of ${stackName}. It is not in the way, and costs $0.40 a month.`,
        remedy: `If no token that it signed is needed any more: ${remove}`,
      },
    ];
  const state = isBeingDeleted ? 'is about to be deleted, which keeps its name taken until then' : 'exists';
  return [
    {
      severity: 'refuses',
      about: 'name',
      sentence: `A secret ${name} ${state}, and belongs to no resource of the stack, which makes one of this name.`,
      remedy: `If you do not need it: ${remove}`,
    },
  ];
}

/** A secret's ARN ends in its name, a hyphen and six characters. */
const SECRET_ARN = /:secret:(?<name>.+)-[A-Za-z0-9]{6}$/;

function ownedNames({ resources: answer }: AccountAnswers['answers']): ReadonlySet<string> | undefined {
  const resources = known(answer);
  if (!resources) return undefined;
  return new Set(
    resources.map(({ physicalId }) => SECRET_ARN.exec(physicalId)?.groups?.['name'] ?? physicalId),
  );
}
