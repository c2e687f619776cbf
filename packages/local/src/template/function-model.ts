/** The functions of a template, with where their code is. */

import {
  defaultEventInvokeConfig,
  type EventInvokeConfig,
  eventInvokeConfigs,
} from './event-invoke-config.ts';
import { functionUrlModels } from './function-url-model.ts';
import type { Resource, Resources } from './resources.ts';
import type { OnUnsupported } from './unsupported.ts';

/** A function as the template declares it. */
export interface FunctionModel {
  readonly name: string;
  /** Key of the code in the asset bucket, or among the sources that the template holds itself. */
  readonly s3Key: string;
  /** `file.export` */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly architecture: 'arm64' | 'x86_64';
  readonly variables: Readonly<Record<string, string>>;
  /** What becomes of events that nobody waits for. */
  readonly eventInvokeConfig: EventInvokeConfig;
  /** Whether it may be busy with each of many clients for long, because it has a URL that streams. */
  readonly streams: boolean;
}

export interface FunctionModels {
  readonly functions: readonly FunctionModel[];
  /** Sources of `index.js` that the template holds itself, by the key that a function has in place of one in a bucket. */
  readonly inlineSources: ReadonlyMap<string, string>;
}

type FunctionResource = Resource<'AWS::Lambda::Function'>;

const NODE = /^nodejs\d+\.x$/;

export function functionModels(resources: Resources, onUnsupported: OnUnsupported): FunctionModels {
  const configs = eventInvokeConfigs(resources);
  const streaming = new Set(
    functionUrlModels(resources).flatMap(({ streams, functionName }) => (streams ? [functionName] : [])),
  );
  const inlineSources = new Map<string, string>();
  const functions = resources['AWS::Lambda::Function'].map((resource) => {
    const name = resource.FunctionName ?? resource.logicalId;
    const inline = inlineSource(resource, onUnsupported);
    const s3Key = inline ? `inline/${resource.logicalId}` : (resource.Code.S3Key ?? '');
    if (inline) inlineSources.set(s3Key, inline.source);
    return {
      name,
      s3Key,
      handler: inline?.handler ?? resource.Handler,
      memoryMb: resource.MemorySize,
      timeoutMs: resource.Timeout * 1000,
      architecture: resource.Architectures[0],
      variables: resource.Environment?.Variables ?? {},
      eventInvokeConfig: configs.get(name) ?? defaultEventInvokeConfig,
      streams: streaming.has(name),
    };
  });
  return { functions, inlineSources };
}

interface InlineCode {
  readonly source: string;
  readonly handler: string;
}

/** Its own, or what says that the function does not run here; `undefined` for code in a bucket. */
function inlineSource(resource: FunctionResource, onUnsupported: OnUnsupported): InlineCode | undefined {
  const obstacle = obstacleOf(resource);
  if (obstacle === undefined) {
    const { ZipFile: source } = resource.Code;
    return source === undefined ? undefined : { source, handler: resource.Handler };
  }
  const sentence = `The local runtime does not run ${resource.logicalId} (AWS::Lambda::Function): ${obstacle}.`;
  onUnsupported(sentence);
  // Whatever leads to it stays, and fails when it is called.
  const source = `exports.handler = async () => { throw new Error(${JSON.stringify(sentence)}); };`;
  return { source, handler: 'index.handler' };
}

function obstacleOf({ PackageType, Runtime, Code }: FunctionResource): string | undefined {
  if (PackageType === 'Image') return 'its code is a container image';
  if (Runtime !== undefined && !NODE.test(Runtime)) return `its runtime is ${Runtime}`;
  return Code.S3Key === undefined && Code.ZipFile === undefined ? 'it has no code' : undefined;
}
