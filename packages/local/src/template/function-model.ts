/** The functions of a template, with the keys of their code. */

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
  /** The key of the code in the asset bucket, or in `inlineSources`. */
  readonly s3Key: string;
  /** `file.export` */
  readonly handler: string;
  /** `nodejs22.x` */
  readonly runtime: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** How many executions the function may have at once; 0 lets it never run. @default as many as the account has */
  readonly reservedConcurrency?: number | undefined;
  readonly architecture: 'arm64' | 'x86_64';
  readonly variables: Readonly<Record<string, string>>;
  /** Retries and destinations of asynchronous invocations. */
  readonly eventInvokeConfig: EventInvokeConfig;
  /** Whether the function has a streaming URL, so that each client may need an environment for long. */
  readonly streams: boolean;
}

export interface FunctionModels {
  readonly functions: readonly FunctionModel[];
  /** The inline sources of the template, by the `s3Key` of their function. */
  readonly inlineSources: ReadonlyMap<string, string>;
}

type FunctionResource = Resource<'AWS::Lambda::Function'>;

const NODE = /^nodejs\d+\.x$/;

/** Of functions that have no runtime, because they cannot run here. */
const DEFAULT_RUNTIME = 'nodejs22.x';

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
      runtime: resource.Runtime ?? DEFAULT_RUNTIME,
      memoryMb: resource.MemorySize,
      timeoutMs: resource.Timeout * 1000,
      reservedConcurrency: resource.ReservedConcurrentExecutions,
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

/** The inline code, or code that throws if the function cannot run here. `undefined` for code in the bucket. */
function inlineSource(resource: FunctionResource, onUnsupported: OnUnsupported): InlineCode | undefined {
  const obstacle = obstacleOf(resource);
  if (obstacle === undefined) {
    const { ZipFile: source } = resource.Code;
    return source === undefined ? undefined : { source, handler: resource.Handler };
  }
  const sentence = `The local runtime does not run ${resource.logicalId} (AWS::Lambda::Function): ${obstacle}.`;
  onUnsupported(sentence);
  // Routes to the function remain, and fail when they are called.
  const source = `exports.handler = async () => { throw new Error(${JSON.stringify(sentence)}); };`;
  return { source, handler: 'index.handler' };
}

function obstacleOf({ PackageType, Runtime, Code }: FunctionResource): string | undefined {
  if (PackageType === 'Image') return 'its code is a container image';
  if (Runtime !== undefined && !NODE.test(Runtime)) return `its runtime is ${Runtime}`;
  return Code.S3Key === undefined && Code.ZipFile === undefined ? 'it has no code' : undefined;
}
