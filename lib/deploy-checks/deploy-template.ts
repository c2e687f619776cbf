/** A CloudFormation template as the checks read it: every resource by its logical id. */

import * as v from 'valibot';

export interface DeployResource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** All that the template says about the resource, also members that CloudFormation may not know. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface DeployTemplate {
  readonly resources: ReadonlyMap<string, DeployResource>;
  readonly parameters: Section;
  readonly conditions: Section;
  readonly mappings: Section;
  readonly outputs: Section;
  /** The whole template. */
  readonly json: object;
}

type Section = Readonly<Record<string, unknown>>;

const section = v.optional(v.record(v.string(), v.unknown()), {});

const template = v.looseObject({
  Resources: v.record(v.string(), v.looseObject({ Type: v.string(), Properties: section })),
  Parameters: section,
  Conditions: section,
  Mappings: section,
  Outputs: section,
});

/** @throws ValiError for a value that is not a template. */
export function readTemplate(json: unknown): DeployTemplate {
  const parsed = v.parse(template, json);
  const resources = Object.entries(parsed.Resources).map(([id, resource]): [string, DeployResource] => [
    id,
    { id, type: resource.Type, properties: resource.Properties, json: resource },
  ]);
  return {
    resources: new Map(resources),
    parameters: parsed.Parameters,
    conditions: parsed.Conditions,
    mappings: parsed.Mappings,
    outputs: parsed.Outputs,
    json: parsed,
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of names and indexes; `undefined` where the path ends before. */
export function valueAt(value: unknown, ...names: readonly (string | number)[]): unknown {
  return names.reduce<unknown>((at, name) => {
    if (typeof name === 'number') return Array.isArray(at) ? at[name] : undefined;
    return isRecord(at) ? at[name] : undefined;
  }, value);
}

/** The elements of a list; an empty list for every other value. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
