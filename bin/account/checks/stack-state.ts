/** Checks whether a new deployment can go on from the state in which earlier ones left the stacks. */

import type { StackStatus } from '@aws-sdk/client-cloudformation';
import { known } from '../answer.ts';
import type { StackFact } from '../facts/stacks.ts';
import type { Finding, Severity } from '../finding.ts';
import type { Check } from './check.ts';

export const stackState: Check = ({ region, answers }, { stage, stackName, edge }) => {
  const places = [
    { name: stackName, region, stack: known(answers.stacks)?.get(stackName) },
    ...(edge
      ? [{ name: edge.stackName, region: edge.region, stack: known(answers.edgeStacks)?.get(edge.stackName) }]
      : []),
  ];
  return places.flatMap(({ name, region: place, stack }) =>
    stack ? finding(stack, { name, region: place, stage }) : [],
  );
};

interface Place {
  readonly name: string;
  readonly region: string;
  readonly stage: string;
}

interface State {
  readonly severity: Severity;
  readonly means: string;
  readonly remedy?: (place: Place) => string;
}

const wait = ({ name, region }: Place) =>
  `Wait until it is done: \`aws cloudformation describe-stacks --stack-name ${name} --region ${region} --query "Stacks[0].StackStatus"\``;

const look = ({ name, region }: Place) =>
  `Its events say why: \`aws cloudformation describe-stack-events --stack-name ${name} --region ${region}\``;

const remove = (place: Place) =>
  `Delete it: \`aws cloudformation delete-stack --stack-name ${place.name} --region ${place.region}\`. If that fails again: ${look(place)}`;

const rollBack = ({ stage }: Place) => `Roll it back first: \`npx cdk rollback -c stage=${stage}\``;

const working: State = {
  severity: 'refuses',
  means: 'CloudFormation is working on it and takes no second deployment',
  remedy: wait,
};

/** `cdk deploy` (aws-cdk 2.1148.1) goes on from these by itself: it deletes a stack whose creation failed, and starts again. */
const startsAgain: State = {
  severity: 'note',
  means: 'its creation failed; `cdk deploy` deletes it and creates it again',
};

const usable = undefined;

const states: Readonly<Record<StackStatus, State | undefined>> = {
  CREATE_COMPLETE: usable,
  UPDATE_COMPLETE: usable,
  UPDATE_ROLLBACK_COMPLETE: usable,
  IMPORT_COMPLETE: usable,
  IMPORT_ROLLBACK_COMPLETE: usable,
  DELETE_COMPLETE: usable,
  REVIEW_IN_PROGRESS: {
    severity: 'note',
    means: 'a change set was made and never executed; `cdk deploy` makes another and creates the stack',
  },
  ROLLBACK_COMPLETE: startsAgain,
  ROLLBACK_FAILED: {
    severity: 'refuses',
    means: 'its creation failed, and so did the removal of what was made',
    remedy: remove,
  },
  DELETE_FAILED: { severity: 'refuses', means: 'its deletion failed', remedy: remove },
  CREATE_FAILED: { severity: 'refuses', means: 'its creation stopped half-way', remedy: rollBack },
  UPDATE_FAILED: { severity: 'refuses', means: 'its update stopped half-way', remedy: rollBack },
  UPDATE_ROLLBACK_FAILED: {
    severity: 'refuses',
    means: 'its update failed, and so did the way back',
    remedy: rollBack,
  },
  IMPORT_ROLLBACK_FAILED: {
    severity: 'refuses',
    means: 'an import failed, and so did the way back',
    remedy: look,
  },
  CREATE_IN_PROGRESS: working,
  ROLLBACK_IN_PROGRESS: working,
  DELETE_IN_PROGRESS: working,
  UPDATE_IN_PROGRESS: working,
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: working,
  UPDATE_ROLLBACK_IN_PROGRESS: working,
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: working,
  IMPORT_IN_PROGRESS: working,
  IMPORT_ROLLBACK_IN_PROGRESS: working,
};

function finding({ status }: StackFact, place: Place): Finding[] {
  const state = isKnown(status) ? states[status] : unknownState;
  if (!state) return [];
  const { severity, means, remedy } = state;
  const sentence = `The stack ${place.name} in ${place.region} is ${status}: ${means}.`;
  return [{ severity, about: 'stack', sentence, ...(remedy && { remedy: remedy(place) }) }];
}

const unknownState: State = { severity: 'note', means: 'preflight does not know this state' };

function isKnown(status: string): status is StackStatus {
  return Object.hasOwn(states, status);
}
