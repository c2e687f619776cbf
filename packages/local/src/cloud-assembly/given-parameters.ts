/** Puts given values into the parameters of a template, as `cdk deploy --parameters` does. */

import { StartError } from '../start-error.ts';
import type { Template } from '../template/cloud-formation.ts';

/** @throws StartError that names a parameter which the template does not have. */
export function withParameters(template: Template, given: ReadonlyMap<string, string>): Template {
  const Parameters = { ...template.Parameters };
  for (const [name, value] of given) {
    const parameter = Parameters[name];
    if (!parameter) throw new StartError(`The template has no parameter ${name}.`);
    // A given value replaces a look-up in Systems Manager.
    const Type = parameter.Type.startsWith('AWS::SSM::') ? 'String' : parameter.Type;
    Parameters[name] = { ...parameter, Type, Default: value };
  }
  return { ...template, Parameters };
}
