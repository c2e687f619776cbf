/** Finds conflicts of two stages in one account and region: equal names, and events of the bus to which both listen. */

import type { DeployResource, DeployTemplate } from './deploy-template.ts';
import type { Finding } from './finding.ts';
import { fixedName } from './physical-names.ts';

/** @param templates Of all stages that an account may have at the same time, by their names. */
export function sharedAccountFindings(templates: ReadonlyMap<string, DeployTemplate>): Finding[] {
  const all = [...templates].flatMap(([stage, template]) =>
    [...template.resources.values()].map((resource) => ({ stage, resource, template })),
  );
  return [
    ...repeated(all, nameKey, (name, others) => `${others} has the same name: ${name}.`),
    ...repeated(all, patternKey, (_pattern, others) => `It wants the same events as the rule of ${others}.`),
  ];
}

interface Owned {
  readonly stage: string;
  readonly resource: DeployResource;
  readonly template: DeployTemplate;
}

/** A finding for each resource whose key another stage has, too. A resource without a key is shared with no stage. */
function repeated(
  all: readonly Owned[],
  keyOf: (owned: Owned) => string | undefined,
  sentenceOf: (key: string, others: string) => string,
): Finding[] {
  const keyed = all.map((owned) => ({ owned, key: keyOf(owned) }));
  return keyed.flatMap(({ owned, key }) => {
    if (key === undefined) return [];
    const others = keyed
      .filter((other) => other.key === key && other.owned.stage !== owned.stage)
      .map(({ owned: { stage } }) => stage);
    if (others.length === 0) return [];
    const { resource, stage } = owned;
    const sentence = `In stage ${stage}: ${sentenceOf(key, [...new Set(others)].join(', '))}`;
    return [{ resource: resource.id, path: '', sentence }];
  });
}

function nameKey({ resource, template }: Owned): string | undefined {
  const fixed = fixedName(resource, template);
  return fixed && `${resource.type} ${fixed.name}`;
}

/** Every rule of a bus gets every event of the bus, so the pattern has to name the stage. */
function patternKey({ resource: { type, properties } }: Owned): string | undefined {
  const { EventBusName, EventPattern } = properties;
  if (type !== 'AWS::Events::Rule' || EventPattern === undefined) return undefined;
  return JSON.stringify([EventBusName ?? 'default', EventPattern]);
}
