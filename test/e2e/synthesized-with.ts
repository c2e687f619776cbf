/** The deployed app with chosen environment variables. */

import * as v from 'valibot';
import type { Assembly } from '../../packages/local/src/cloud-assembly/read-assembly.ts';
import { parseTemplate } from '../../packages/local/src/template/cloud-formation.ts';
import { type Changes, keptAssembly } from '../kept-assembly.ts';

const withEnvironment = v.looseObject({
  Properties: v.looseObject({ Environment: v.looseObject({ Variables: v.record(v.string(), v.unknown()) }) }),
});

/** The app's own assembly, where functions that have these variables get other values. */
export async function synthesizedWith(
  variables: Readonly<Record<string, string>>,
  changes: Changes = {},
): Promise<Assembly> {
  const assembly = await keptAssembly(changes);
  const template = structuredClone(assembly.template);
  for (const resource of Object.values(template.Resources)) {
    const { success, output } = v.safeParse(withEnvironment, resource);
    if (!success) continue;
    const { Variables } = output.Properties.Environment;
    for (const [name, value] of Object.entries(variables)) if (name in Variables) Variables[name] = value;
    Object.assign(resource, output);
  }
  return { ...assembly, template: parseTemplate(template) };
}
