/** The app with a rule of its own: EventBridge hands every lifecycle event to a function that prints it. */

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import * as v from 'valibot';
import type { FunctionName } from '../../../lambdas/manifest/manifest.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { assemblyWithOwn, type Changes, keptAssembly } from '../../kept-assembly.ts';
import { type Runtime, startRuntime } from '../../runtime.ts';

const COLLECTOR = 'Collector';

const lifecycleEvent = v.object({
  'detail-type': v.string(),
  source: v.string(),
  detail: v.looseObject({ id: v.string(), time: v.number() }),
});

export type CollectedEvent = v.InferOutput<typeof lifecycleEvent>;

export interface Collecting {
  readonly runtime: Runtime;
  /** All events that came, with repetitions. */
  readonly events: readonly CollectedEvent[];
  /** Each event once, read when no event is on its way any more. */
  distinct(): Promise<CollectedEvent[]>;
  /** Settles when `isThere` accepts the events that have come. */
  until(isThere: (events: readonly CollectedEvent[]) => boolean): Promise<void>;
}

/** The functions that tell events, and no others. */
const TELLING: readonly FunctionName[] = ['channel-events', 'connection-events', 'message-events'];

/** @param plugins for the bundles of the functions that tell events. */
export async function startCollecting(changes: Changes, plugins: readonly Plugin[]): Promise<Collecting> {
  const events: CollectedEvent[] = [];
  const waiting = new Set<() => void>();
  const runtime = await startRuntime({
    streamRetryDelaysMs: [0],
    async assemble(outdir) {
      const own = { names: TELLING, outdir, plugins: [...plugins] };
      const { template, codeFolder } = await assemblyWithOwn(await keptAssembly(changes), own);
      const folder = path.join(outdir, COLLECTOR);
      await mkdir(folder, { recursive: true });
      await writeFile(
        path.join(folder, 'index.mjs'),
        'export const handler = (event) => console.log(JSON.stringify(event));',
      );
      return {
        template: parseTemplate({
          ...template,
          Resources: { ...template.Resources, ...rule() },
        }),
        codeFolder: (s3Key) => (s3Key === COLLECTOR ? folder : codeFolder(s3Key)),
      };
    },
    onOutput(functionName, line) {
      if (functionName !== COLLECTOR) return;
      events.push(v.parse(lifecycleEvent, JSON.parse(line)));
      for (const look of waiting) look();
    },
  });
  return {
    runtime,
    events,
    async distinct() {
      await runtime.idle();
      return [...new Map(events.map((event) => [event.detail.id, event])).values()];
    },
    until: (isThere) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isThere(events)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

function rule() {
  return {
    [COLLECTOR]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: COLLECTOR,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { S3Key: COLLECTOR },
      },
    },
    CollectorRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['fanfare.local'] },
        Targets: [{ Id: COLLECTOR, Arn: { 'Fn::GetAtt': [COLLECTOR, 'Arn'] } }],
      },
    },
  };
}
