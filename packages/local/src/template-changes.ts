/** What differs between two templates, as far as a running app cannot take it in: everything but the code of functions and its settings. */

import { isDeepStrictEqual } from 'node:util';
import type { Template } from './template/cloud-formation.ts';
import { withoutLocalEffect } from './template/resources.ts';

type Resource = Template['Resources'][string];

/** Of a function, these are read anew for each execution environment (`Functions.load`). */
const TAKEN_IN_PROPERTIES = new Set([
  'Architectures',
  'Code',
  'Description',
  'Environment',
  'Handler',
  'MemorySize',
  'Timeout',
]);

/** Read anew for each event of the queue, or changes nothing here at all. What functions may do is read once (`permissions/`). */
function isTakenIn(type: string): boolean {
  return (
    type === 'AWS::Lambda::EventInvokeConfig' ||
    (withoutLocalEffect.has(type) && !type.startsWith('AWS::IAM::'))
  );
}

/** Outputs are only told at the start. Each change in a few words, such as `Jobs (AWS::DynamoDB::Table) is new`; none if functions can be swapped in. */
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

/** What a running app keeps of a resource. */
function fixedPart(resource: Resource): unknown {
  if (resource.Type !== 'AWS::Lambda::Function') return resource;
  const { Properties } = resource;
  const kept = Object.entries(Properties ?? {}).filter(([name]) => !TAKEN_IN_PROPERTIES.has(name));
  return { ...resource, Properties: Object.fromEntries(kept) };
}
