/** The stacks of a stage and their templates for tests, synthesized without bundling the functions. */

import { fileURLToPath } from 'node:url';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import cdkJson from '../../cdk.json' with { type: 'json' };
import type { EdgeSettings } from '../../lib/settings/edge-settings.ts';
import { STREAM_SECONDS, type StageSettings, stages } from '../../lib/settings/stage-settings.ts';
import { addStacks, type Stacks } from '../../lib/stacks.ts';

const code = () => Code.fromAsset(fileURLToPath(new URL('function', import.meta.url)));

/** An edge as it would be run for users. */
export const ownEdge: EdgeSettings = {
  backendRegion: 'eu-central-1',
  domain: {
    name: 'live.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/11111111-2222-3333-4444-555555555555',
  },
  countries: { only: ['DE', 'FR'] },
  handshakesPerAddress: 1_000,
  keyVersion: 1,
};

/** An edge for tests: without restrictions and without a name of its own. */
export const trialEdge: EdgeSettings = { ...ownEdge, domain: 'none', countries: 'all' };

/** Every kind of deployment, by a name for tests. */
export const deployments = {
  local: stages.local,
  dev: stages.dev,
  prod: stages.prod,
  'prod with fallbacks': {
    ...stages.prod,
    fallback: { concurrency: 'unreserved', streamSeconds: STREAM_SECONDS },
  },
  'prod with servers by IAM': { ...stages.prod, apiAuthorization: 'iam' },
  'prod that tells everything': {
    ...stages.prod,
    lifecycleEvents: { connections: true, channels: true, members: true, messages: 'with data' },
  },
  'dev that tells nothing': {
    ...stages.dev,
    lifecycleEvents: { connections: false, channels: false, members: false, messages: 'none' },
  },
  'dev behind a trial edge': { ...stages.dev, edge: trialEdge },
  'prod behind an edge': { ...stages.prod, edge: ownEdge },
} as const satisfies Readonly<Record<string, StageSettings>>;

export type Deployment = keyof typeof deployments;

export const deploymentNames: readonly Deployment[] = Object.keys(deployments).filter(isDeployment);

/** All stages of the table. */
export const stageNames = Object.keys(stages).filter(isStage);

/** The stages that `cdk deploy` takes. */
export const deployedNames = stageNames.filter((name) => name !== 'local');

export function stacksOf(settings: StageSettings): Stacks {
  const app = new App({ context: cdkJson.context, analyticsReporting: false });
  return addStacks(app, { settings, code });
}

interface Templates {
  readonly backend: Template;
  readonly edge: Template | undefined;
}

/** All files of a process read the same templates, so each stage is synthesized once. */
const known = new WeakMap<StageSettings, Templates>();

/** They are frozen, because the next file that reads them gets the same objects. */
export function synthesized(settings: StageSettings): Templates {
  const before = known.get(settings);
  if (before) return before;
  const { backend, edge } = stacksOf(settings);
  const templates = { backend: frozenTemplate(backend), edge: edge && frozenTemplate(edge) };
  known.set(settings, templates);
  return templates;
}

/** Of the backend. */
export function templateOf(stage: keyof typeof stages): Template {
  return synthesized(stages[stage]).backend;
}

/** Of the backend, and of the edge if the deployment has one. */
export function templatesOf(deployment: Deployment): Template[] {
  const { backend, edge } = synthesized(deployments[deployment]);
  return edge ? [backend, edge] : [backend];
}

function frozenTemplate(stack: Stack): Template {
  const template = Template.fromStack(stack);
  freeze(template.toJSON());
  return template;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}

function isStage(name: string): name is keyof typeof stages {
  return Object.hasOwn(stages, name);
}

function isDeployment(name: string): name is Deployment {
  return Object.hasOwn(deployments, name);
}
