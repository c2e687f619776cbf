/** Which resources of each stage have a fixed name: only those that something has to know before they exist. */

import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../lib/deploy-checks/deploy-template.ts';
import { fixedName } from '../../../lib/deploy-checks/physical-names.ts';
import { deploymentNames, templatesOf } from '../template.ts';

const onEveryStage = ['publisheventFunction', 'deliverFunction', 'farewellFunction'];
const onTheLaptop = ['TokensSecret', 'fallbackFunction', 'revokeFunction'];
const behindAnEdge = ['OriginKeySecret', 'AccessLogSource', 'AccessLogDestination'];

/** The logical id without its hash. */
const kindOf = (id: string) => id.replace(/[0-9A-F]{8}$/, '');

describe.each(deploymentNames)('%s', (deployment) => {
  it('has fixed names only for resources whose name is needed before they exist', () => {
    const named = templatesOf(deployment)
      .map((template) => readTemplate(template.toJSON()))
      .flatMap((template) =>
        [...template.resources.values()]
          .filter(({ type }) =>
            /Function$|Secret$|Delivery(?:Source|Destination)$|Table$|LogGroup$/.test(type),
          )
          .filter((resource) => fixedName(resource, template))
          .map(({ id }) => kindOf(id)),
      );

    expect(named.toSorted()).toEqual(
      [
        ...onEveryStage,
        ...(deployment === 'local' ? onTheLaptop : []),
        ...(deployment.endsWith('edge') ? behindAnEdge : []),
      ].toSorted(),
    );
  });
});
