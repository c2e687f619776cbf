/** Runs every check over all templates of Fanfare: each stage, stages behind an edge, and the examples. */

import type { Stack } from 'aws-cdk-lib';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { QueueStack } from '../../../examples/publish-from-aws/queue-stack.ts';
import { ScheduleStack } from '../../../examples/publish-from-aws/schedule-stack.ts';
import { UploadsStack } from '../../../examples/publish-from-aws/uploads-stack.ts';
import { ApiDestinationStack } from '../../../examples/webhooks/api-destination-stack.ts';
import { WebhookStack } from '../../../examples/webhooks/webhook-stack.ts';
import { simulateDeletion, simulateFailedCreation } from '../../../lib/deploy-checks/creation.ts';
import { checks } from '../../../lib/deploy-checks/deploy-findings.ts';
import { type DeployTemplate, readTemplate } from '../../../lib/deploy-checks/deploy-template.ts';
import { leftForAReason } from '../../../lib/deploy-checks/lasting-names.ts';
import { otherStackFindings } from '../../../lib/deploy-checks/other-stacks.ts';
import { sharedAccountFindings } from '../../../lib/deploy-checks/shared-account.ts';
import { throttleFindings } from '../../../lib/deploy-checks/throttles.ts';
import { stages } from '../../../lib/settings/stage-settings.ts';
import { deploymentNames, deployments, stacksOf } from '../template.ts';
import { linesOf } from './planted.ts';

const read = (stack: Stack) => readTemplate(Template.fromStack(stack).toJSON());

/** Of each stage of the table and each kind of deployment, by its name: the templates by the names of their stacks. */
const stacks = new Map(
  Object.entries({ ...stages, ...deployments }).map(
    ([name, settings]): [string, Map<string, DeployTemplate>] => {
      const { backend, edge } = stacksOf(settings);
      const both = edge ? [backend, edge] : [backend];
      return [name, new Map(both.map((stack) => [stack.stackName, read(stack)]))];
    },
  ),
);

/** The stage that the examples publish to. */
const publishing = { stage: 'dev', stackName: 'Fanfare-example' };

const webhook = { stage: 'prod', url: 'https://example.com/hook', events: ['channel occupied'] } as const;

/** Without bundling the function of the webhooks. */
const newApp = () => new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });

const examples = new Map<string, DeployTemplate>([
  ['example uploads', read(new UploadsStack(newApp(), 'Uploads', publishing))],
  ['example queue', read(new QueueStack(newApp(), 'Queue', publishing))],
  ['example schedule', read(new ScheduleStack(newApp(), 'Schedule', publishing))],
  ['example webhooks', read(new WebhookStack(newApp(), 'Webhooks', webhook))],
  ['example API destination', read(new ApiDestinationStack(newApp(), 'Destination', webhook))],
]);

const templates = [...[...stacks].flatMap(([name, both]) => namesAndTemplates(name, both)), ...examples];

function namesAndTemplates(name: string, both: ReadonlyMap<string, DeployTemplate>) {
  return [...both].map(([stack, template]): [string, DeployTemplate] => [`${name}, ${stack}`, template]);
}

describe.each(templates)('%s', (_name, template) => {
  it.each(Object.entries(checks))('has no finding: %s', (_check, find) => {
    expect(linesOf(find(template))).toEqual([]);
  });

  it('can be created again after a creation that failed at any resource', () => {
    const failures = simulateFailedCreation(template);

    expect(failures).toHaveLength(template.resources.size);
    expect(failures.filter(({ inTheWay }) => inTheWay.length > 0)).toEqual([]);
  });

  it('can be created again after it was deleted', () => {
    expect(linesOf(simulateDeletion(template).inTheWay)).toEqual([]);
  });

  it('leaves only resources with a reason after a creation that failed', () => {
    const left = new Set(simulateFailedCreation(template).flatMap((failure) => failure.left));
    const account = [...template.resources.values()].find(({ type }) => leftForAReason.has(type));
    const types = [...left].map((id) => template.resources.get(id)?.type);

    expect(types.filter((type) => type !== 'AWS::IAM::Role' && !leftForAReason.has(type ?? ''))).toEqual([]);
    expect(types.length).toBeLessThanOrEqual(account ? 2 : 0);
  });
});

describe.each([...stacks])('the stacks of %s', (_name, both) => {
  it('take from each other only existing outputs', () => {
    expect(linesOf(otherStackFindings(both))).toEqual([]);
  });
});

describe('all that is deployed', () => {
  /** Of the table of stages, all but the laptop's: an account may have them at the same time. */
  const account = new Map(
    Object.keys(stages)
      .filter((name) => name !== 'local')
      .flatMap((name) => [...(stacks.get(name) ?? [])]),
  );

  it('has at least one stage of each kind of encryption, and an edge before each', () => {
    const kinds = deploymentNames.map((name) => {
      const { encryption, edge } = deployments[name];
      return `${encryption}, ${edge === 'none' ? 'no edge' : 'edge'}`;
    });

    expect([...new Set(kinds)].toSorted()).toEqual([
      'aws-managed, edge',
      'aws-managed, no edge',
      'customer-managed, edge',
      'customer-managed, no edge',
    ]);
    expect(account.size).toBeGreaterThanOrEqual(2);
  });

  it('stays within the quotas of an account in the newer regions, all stages together', () => {
    expect(linesOf(throttleFindings(account))).toEqual([]);
  });

  it('takes no name and no event from another stage of the account', () => {
    expect(linesOf(sharedAccountFindings(account))).toEqual([]);
  });
});
