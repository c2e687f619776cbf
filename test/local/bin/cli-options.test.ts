import { describe, expect, it } from 'vitest';
import { parseLocalOptions } from '../../../packages/local/bin/cli-options.ts';
import { StartError } from '../../../packages/local/src/start-error.ts';

describe('parseLocalOptions', () => {
  it('takes the app of cdk.json by default, and refuses unsupported resources', () => {
    expect(parseLocalOptions([])).toMatchObject({
      from: undefined,
      stacks: [],
      parameters: new Map(),
      ignoreUnsupported: false,
      port: 8080,
    });
  });

  it('reads every flag of its own, beside those of npm start', () => {
    const args =
      '--app cdk.out --stack A --stack B/C --parameter Stage=x=y --ignore-unsupported --port 0 --bill';

    expect(parseLocalOptions(args.split(' '))).toMatchObject({
      from: { app: 'cdk.out' },
      stacks: ['A', 'B/C'],
      parameters: new Map([['Stage', 'x=y']]),
      ignoreUnsupported: true,
      port: 0,
      bill: true,
    });
  });

  it('takes a template in place of an app', () => {
    expect(parseLocalOptions(['--template', 'x.json'])).toMatchObject({ from: { templateFile: 'x.json' } });
  });

  it.each([
    [['--app', 'a', '--template', 't'], 'Give either --app or --template.'],
    [['--template', 't', '--stack', 's'], 'A template is of one stack: --stack goes with --app.'],
    [['--parameter', 'Stage'], '--parameter takes a name and a value, such as Stage=test; got "Stage".'],
  ])('refuses %j', (args, sentence) => {
    expect(() => parseLocalOptions(args)).toThrow(new StartError(sentence));
  });
});
