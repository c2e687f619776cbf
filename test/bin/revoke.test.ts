import { describe, expect, it } from 'vitest';
import { runHere, runProgram, serveAws } from './run-command.ts';
import { serveStack } from './serve-stack.ts';

const invocation = {
  url: '/2015-03-31/functions/Fanfare-local-revoke/invocations',
  operation: undefined,
  body: { user: 'ann' },
};

describe('npm run revoke', () => {
  it('calls the function of the local stage, and prints how many connections were closed', async () => {
    const { port, asked } = await serveAws({ closed: 2 });

    expect(await runProgram('revoke', ['--user', 'ann', '--port', String(port)])).toEqual({
      code: 0,
      stdout: '{"closed":2}\n',
      stderr: '',
    });
    expect(asked).toEqual([invocation]);
  });

  it('calls the function of a deployed stage by the name in the outputs of its stack', async () => {
    const { port, asked } = await serveAws({ closed: 1 });
    const outcome = await runHere('revoke', ['--user', 'ann', '--stage', 'prod'], {
      ...(await serveStack('Fanfare-prod', { RevokeFunction: 'Fanfare-prod-revoke1A2B3C' })),
      AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}`,
    });

    expect(outcome).toEqual({ code: 0, stdout: '{"closed":1}\n', stderr: '' });
    expect(asked).toEqual([
      { ...invocation, url: '/2015-03-31/functions/Fanfare-prod-revoke1A2B3C/invocations' },
    ]);
  });

  it('fails when the function fails, and says that it is safe to run again', async () => {
    const { port } = await serveAws({ errorMessage: 'no table' }, { 'x-amz-function-error': 'Unhandled' });

    expect(await runHere('revoke', ['--user', 'ann', '--port', String(port)])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Not everything was revoked; run it again. {"errorMessage":"no table"}\n',
    });
  });

  it.each([[[]], [['--user=']], [['--stage', 'prod']]])(
    'says how it is used when no user is named: %j',
    async (args) => {
      const { code, stdout, stderr } = await runHere('revoke', args);

      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^npm run -s revoke -- --user <id>/);
    },
  );

  it('names an unknown flag in one sentence, without a stack trace', async () => {
    const { code, stdout, stderr } = await runHere('revoke', ['--usr', 'ann']);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain("'--usr'");
    expect(stderr).not.toContain(' at ');
  });
});
