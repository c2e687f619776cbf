/** Which account and region the credentials lead to. */

import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { signInError } from '../aws-error.ts';

export interface CallerIdentity {
  readonly account: string;
  readonly region: string;
}

/** @throws CommandLineError in a sentence when there are no credentials, or no region. */
export async function readIdentity(client: STSClient): Promise<CallerIdentity> {
  try {
    const { Account = 'unknown' } = await client.send(new GetCallerIdentityCommand({}));
    return { account: Account, region: await client.config.region() };
  } catch (error) {
    throw signInError(error);
  }
}
