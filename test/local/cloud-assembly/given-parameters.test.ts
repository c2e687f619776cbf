import { describe, expect, it } from 'vitest';
import { withParameters } from '../../../packages/local/src/cloud-assembly/given-parameters.ts';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';

const template = parseTemplate({
  Parameters: { Size: { Type: 'Number', Default: 1 }, Image: { Type: 'AWS::SSM::Parameter::Value<String>' } },
  Resources: {},
});

describe('withParameters', () => {
  it('replaces defaults, and values that AWS would look up', () => {
    const given = new Map([
      ['Size', '2'],
      ['Image', 'own'],
    ]);

    expect(withParameters(template, given).Parameters).toEqual({
      Size: { Type: 'Number', Default: '2' },
      Image: { Type: 'String', Default: 'own' },
    });
  });

  it('names a parameter that the template does not have', () => {
    expect(() => withParameters(template, new Map([['Colour', 'red']]))).toThrow(
      new StartError('The template has no parameter Colour.'),
    );
  });
});
