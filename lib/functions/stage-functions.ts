/** The functions of a stage, wired to their triggers. A group of lifecycle events that is turned on later brings its own. */

import { Role } from 'aws-cdk-lib/aws-iam';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  type FunctionManifest,
  type FunctionName,
  manifest,
  type Need,
} from '../../lambdas/manifest/manifest.ts';
import type { LifecycleGroup } from '../../lambdas/realtime/lifecycle/lifecycle.ts';
import { deployedFunctions } from '../settings/deployed-functions.ts';
import type { StageSettings } from '../settings/stage-settings.ts';
import { bind, type Resources } from './bindings.ts';
import { FanfareFunction } from './fanfare-function.ts';
import { functionNameOf } from './function-names.ts';
import type { StagePacking } from './packing.ts';
import { type Sources, wire } from './triggers.ts';

export interface StageFunctionsProps {
  readonly code: (name: FunctionName) => Code;
  readonly uniqueName: string;
  readonly resources: Resources;
  readonly packing: StagePacking;
}

/** What triggers functions and exists only after them. */
export type Triggering = Pick<Sources, 'gateway' | 'namespaces' | 'givenUp'>;

export class StageFunctions {
  /** By their names in the manifest. */
  readonly all: ReadonlyMap<FunctionName, LambdaFunction>;
  private readonly made = new Map<FunctionName, LambdaFunction>();
  private readonly wired = new Set<FunctionName>();
  private readonly scope: Construct;
  private readonly props: StageFunctionsProps;
  private triggering: Triggering | undefined;

  constructor(scope: Construct, props: StageFunctionsProps) {
    this.scope = scope;
    this.props = props;
    this.all = this.made;
    this.add(props.resources);
  }

  /** Gives the functions their triggers, in the order of the manifest: the authorizer comes before the route that it is for. */
  wire(triggering: Triggering): void {
    this.triggering = triggering;
    this.wireNew(this.props.resources);
  }

  /** The events of a group are on now: adds the functions that tell them, and lets those tell them that exist already. */
  tell(group: LifecycleGroup, settings: StageSettings): void {
    const resources = { ...this.props.resources, settings };
    for (const [name, target] of this.made) letTell(target, manifest[name].needs, group, resources);
    this.add(resources);
    this.wireNew(resources);
  }

  private add(resources: Resources): void {
    const { settings } = resources;
    const { code, uniqueName, packing } = this.props;
    for (const name of deployedFunctions(settings, packing.namespaces)) {
      if (this.made.has(name)) continue;
      const functionName = functionNameOf(name, uniqueName, settings);
      const props = { manifest: manifest[name], code: code(name), resources, settings, functionName };
      this.made.set(name, new FanfareFunction(this.scope, name, props).function);
    }
  }

  private wireNew({ tables, encryption, settings }: Resources): void {
    if (!this.triggering) throw new Error('The functions have no triggers yet');
    const { scope, made: functions } = this;
    for (const [name, target] of functions) {
      if (this.wired.has(name)) continue;
      this.wired.add(name);
      const { trigger }: FunctionManifest = manifest[name];
      wire(trigger.kind, trigger, target, {
        ...this.triggering,
        packing: this.props.packing,
        scope,
        functions,
        tables,
        encryption,
        settings,
        name,
      });
    }
  }
}

/** The variable of a function that was made while the group was off says that there are no events. */
function letTell(
  target: LambdaFunction,
  needs: Readonly<Record<string, Need>>,
  group: LifecycleGroup,
  resources: Resources,
): void {
  const { role } = target;
  for (const [variable, need] of Object.entries(needs)) {
    if (need.kind !== 'event-source' || need.group !== group) continue;
    if (!(role instanceof Role)) throw new Error(`The function ${target.node.path} has no role of its own`);
    const { [variable]: source = '' } = bind({ [variable]: need }, role, resources);
    target.addEnvironment(variable, source);
  }
}
