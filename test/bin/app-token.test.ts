import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { APP_TOKEN_USAGE, appToken } from '../../bin/app-token.ts';
import { CommandLineError } from '../../bin/command-line.ts';
import { emptyFolder } from '../local/empty-folder.ts';

const SECRET = 'a secret of 64 characters, as the local runtime would make it ..';

async function secretsOf(...stages: readonly string[]): Promise<string> {
  const folder = await emptyFolder();
  for (const stage of stages) await writeFile(path.join(folder, `${stage}%2ftoken-secret`), SECRET);
  return folder;
}

describe('npx fanfare token', () => {
  it('signs a token for the only stage that was served here', async () => {
    const token = await appToken(['--user', 'ann'], await secretsOf('local-Shop-Realtime'));
    const { payload } = await jwtVerify(token, new TextEncoder().encode(SECRET), {
      audience: 'local-Shop-Realtime',
    });

    expect(payload.sub).toBe('ann');
  });

  it('takes a stage by its name, also for servers', async () => {
    const folder = await secretsOf('local-Shop-Chat', 'local-Shop-Live');
    const token = await appToken(['--user', 'api', '--server', '--stage', 'local-Shop-Live'], folder);

    expect(decodeJwt(token).aud).toBe('local-Shop-Live/servers');
  });

  it('asks for the stage if there are several, or if it was not served', async () => {
    const folder = await secretsOf('local-Shop-Live', 'local-Shop-Chat');
    const asked = new CommandLineError('Choose the stage with --stage: local-Shop-Chat, local-Shop-Live.');

    await expect(appToken(['--user', 'ann'], folder)).rejects.toThrow(asked);
    await expect(appToken(['--user', 'ann', '--stage', 'prod'], folder)).rejects.toThrow(asked);
  });

  it('says what to start if no stage was served', async () => {
    await expect(appToken(['--user', 'ann'], path.join(await secretsOf(), 'none'))).rejects.toThrow(
      'No stage was served in this folder yet: start the app with "npx fanfare-local".',
    );
  });

  it('shows how it is used without a user', async () => {
    await expect(appToken([], await secretsOf('local-Shop'))).rejects.toThrow(APP_TOKEN_USAGE);
  });
});
