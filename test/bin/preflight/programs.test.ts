import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PREFLIGHT_USAGE, parsePreflightOptions } from '../../../bin/preflight-options.ts';
import { PROTECT_USAGE } from '../../../bin/protect-options.ts';
import { stages } from '../../../lib/settings/stage-settings.ts';
import { listenOnLoopback } from '../../loopback.ts';
import { runHere, runProgram } from '../run-command.ts';
import { ACCOUNT } from './accounts.ts';

/** The process gets neither the credentials of the person who runs the test nor those of the machine. */
const signedOut = {
  AWS_PROFILE: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: 'eu-central-1',
};

const identity = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
const toolkit =
  '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>CDKToolkit</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member><OutputKey>BootstrapVersion</OutputKey><OutputValue>30</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>';
const missing =
  '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id it does not exist</Message></Error></ErrorResponse>';

/** An account in which the caller may read the identity and the stacks, until the test is over. */
async function serveAccount(stacks: 'empty' | 'bootstrapped') {
  const { port, close } = await listenOnLoopback(async (request, response) => {
    const body = await text(request);
    const [status, answer] = answerTo(body, stacks);
    response.writeHead(status, { connection: 'close' }).end(answer);
  });
  onTestFinished(close);
  return {
    ...signedOut,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

function answerTo(body: string, stacks: 'empty' | 'bootstrapped'): [number, string] {
  if (body.includes('Action=GetCallerIdentity')) return [200, identity];
  if (stacks === 'bootstrapped' && body.includes('StackName=CDKToolkit')) return [200, toolkit];
  if (body.includes('Action=')) return [400, missing];
  return [403, JSON.stringify({ __type: 'AccessDeniedException', message: 'not allowed' })];
}

const report = v.object({
  account: v.string(),
  region: v.string(),
  stage: v.string(),
  stackName: v.string(),
  findings: v.array(v.object({ severity: v.string(), about: v.string(), sentence: v.string() })),
});

describe('npm run preflight', () => {
  it('fails when it finds a refusal, and prints what is refused and where', async () => {
    const variables = await serveAccount('empty');
    const { code, stdout, stderr } = await runProgram('preflight', ['--stage', 'dev'], variables);

    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^Account 111111111111, region eu-central-1, stage dev \(stack Fanfare-dev\)\./);
    expect(stdout).toContain('refuses  The CDK is not bootstrapped');
    expect(stdout).toContain('`npx cdk deploy -c stage=dev` would fail: 1 to mend first');
  });

  it('succeeds without a refusal, says what it could not read, and prints JSON for programs', async () => {
    const variables = await serveAccount('bootstrapped');
    const { code, stdout, stderr } = await runHere('preflight', ['--json'], variables);
    const { findings, ...where } = v.parse(report, JSON.parse(stdout));

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(where).toEqual({
      account: ACCOUNT,
      region: 'eu-central-1',
      stage: 'dev',
      stackName: 'Fanfare-dev',
    });
    expect(findings.map(({ sentence }) => sentence)).toContain(
      'The concurrency of the account could not be read: AccessDeniedException, needs lambda:GetAccountSettings.',
    );
  });

  it('says in one sentence that there are no credentials', async () => {
    const outcome = await runHere('preflight', ['--stage', 'prod'], signedOut);

    expect(outcome).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^There are no AWS credentials\. Sign in \([^\n]+\) and run it again\.\n$/,
      ),
    });
  });

  it('prints its flags with --help', async () => {
    expect(await runHere('preflight', ['--help'])).toEqual({
      code: 0,
      stdout: `${PREFLIGHT_USAGE}\n`,
      stderr: '',
    });
    expect(await runProgram('protect', ['--help'])).toEqual({
      code: 0,
      stdout: `${PROTECT_USAGE}\n`,
      stderr: '',
    });
  });

  it('takes the stage that cdk deploy takes: dev unless the user names another', () => {
    expect(parsePreflightOptions([])).toEqual({ settings: stages.dev, format: 'text' });
    expect(parsePreflightOptions(['--stage', 'prod', '--json'])).toEqual({
      settings: stages.prod,
      format: 'json',
    });
    expect(() => parsePreflightOptions(['--stage', 'local'])).toThrow(/^--stage takes .+; got "local"\.$/);
    expect(() => parsePreflightOptions(['--jason'])).toThrow("'--jason'");
  });
});
