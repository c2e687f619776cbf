/** Checks that the outputs which one stack takes from another exist. */

import { type DeployTemplate, isRecord, valueAt } from './deploy-template.ts';
import type { Finding } from './finding.ts';
import { intrinsicOf } from './intrinsics.ts';
import { join } from './mentions.ts';

/** @param templates Of stacks that are deployed together, by the names of the stacks. */
export function otherStackFindings(templates: ReadonlyMap<string, DeployTemplate>): Finding[] {
  const exported = new Set(
    [...templates.values()].flatMap(({ outputs }) =>
      Object.values(outputs).map((output) => valueAt(output, 'Export', 'Name')),
    ),
  );
  const isThere = ({ name, operand }: Call) => {
    if (name === 'Fn::ImportValue') return typeof operand !== 'string' || exported.has(operand);
    const [stack, output] = [valueAt(operand, 'StackName'), valueAt(operand, 'OutputName')];
    const of = typeof stack === 'string' ? templates.get(stack) : undefined;
    return of !== undefined && typeof output === 'string' && Object.hasOwn(of.outputs, output);
  };
  return [...templates.values()].flatMap(({ resources }) =>
    [...resources.values()].flatMap(({ id, properties }) =>
      callsIn(properties, 'Properties')
        .filter((call) => !isThere(call))
        .map(({ path, operand }) => ({
          resource: id,
          path,
          sentence: `No stack has the output ${JSON.stringify(operand)}.`,
        })),
    ),
  );
}

interface Call {
  readonly name: string;
  readonly operand: unknown;
  readonly path: string;
}

const ofOtherStacks: ReadonlySet<string> = new Set(['Fn::GetStackOutput', 'Fn::ImportValue']);

function callsIn(value: unknown, path: string): Call[] {
  const intrinsic = intrinsicOf(value);
  if (intrinsic && ofOtherStacks.has(intrinsic.name))
    return [{ name: intrinsic.name, operand: intrinsic.operand, path }];
  if (!isRecord(value) && !Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => callsIn(one, join(path, key)));
}
