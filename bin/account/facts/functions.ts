/** How many Lambda executions the account has, and which functions exist. */

import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { nameOf } from '../aws-error.ts';

export interface Concurrency {
  /** Executions at once in the account and region. */
  readonly total: number;
  /** The executions that no function has reserved. */
  readonly unreserved: number;
}

export async function readConcurrency(client: LambdaClient): Promise<Concurrency> {
  const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
  const { ConcurrentExecutions: total, UnreservedConcurrentExecutions: unreserved } = AccountLimit ?? {};
  if (total === undefined || unreserved === undefined) throw new Error('Lambda answered without limits.');
  return { total, unreserved };
}

/** By name, how many executions each function has reserved. Functions that do not exist are left out. */
export async function readFunctions(
  client: LambdaClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const name of names) {
    const reserved = await readReservation(client, name);
    if (reserved !== undefined) found.set(name, reserved);
  }
  return found;
}

async function readReservation(client: LambdaClient, name: string): Promise<number | undefined> {
  try {
    const { ReservedConcurrentExecutions = 0 } = await client.send(
      new GetFunctionConcurrencyCommand({ FunctionName: name }),
    );
    return ReservedConcurrentExecutions;
  } catch (error) {
    if (nameOf(error) === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
