/** Finds the differences between two templates that a running app cannot take in: all but the code and settings of functions. */

import { isDeepStrictEqual } from 'node:util';
import type { Template } from './template/cloud-formation.ts';
import { withoutLocalEffect } from './template/resources.ts';

type Resource = Template['Resources'][string];

/** The properties of a function that each new execution environment reads again (`Functions.load`). */
const TAKEN_IN_PROPERTIES = new Set([
  'Architectures',
  'Code',
  'Description',
  'Environment',
  'Handler',
  'MemorySize',
  'Timeout',
]);

/** The runtime reads these again for each event, or never. It reads IAM resources once, at the start (`permissions/`). */
function isTakenIn(type: string): boolean {
  return (
    type === 'AWS::Lambda::EventInvokeConfig' ||
    (withoutLocalEffect.has(type) && !type.startsWith('AWS::IAM::'))
  );
}

/**
 * Each change in a few words, such as `Jobs (AWS::DynamoDB::Table) is new`. The list is empty if functions can be swapped in. Outputs do
 * not count, because only the start reports them.
 */
export function changesForRestart(before: Template, after: Template): readonly string[] {
  const ids = new Set([...Object.keys(before.Resources), ...Object.keys(after.Resources)]);
  const resources = [...ids].flatMap((id) => resourceChange(id, before.Resources[id], after.Resources[id]));
  const sections = (['Parameters', 'Conditions', 'Mappings'] as const).flatMap((section) =>
    isDeepStrictEqual(before[section], after[section]) ? [] : [`${section} of the template changed`],
  );
  return [...resources, ...sections];
}

function resourceChange(id: string, before: Resource | undefined, after: Resource | undefined): string[] {
  const type = (after ?? before)?.Type ?? '';
  if (isTakenIn(type) && (before?.Type ?? type) === type) return [];
  if (!before) return [`${id} (${type}) is new`];
  if (!after) return [`${id} (${type}) is gone`];
  return isDeepStrictEqual(fixedPart(before), fixedPart(after)) ? [] : [`${id} (${type}) changed`];
}

/** The part of a resource that a running app keeps. */
function fixedPart(resource: Resource): unknown {
  if (resource.Type !== 'AWS::Lambda::Function') return resource;
  const { Properties } = resource;
  const kept = Object.entries(Properties ?? {}).filter(([name]) => !TAKEN_IN_PROPERTIES.has(name));
  return { ...resource, Properties: Object.fromEntries(kept) };
}
