/** The contracts of the stores on memory and on DynamoDB, with the tables that the template declares. */

import { afterAll, beforeAll, describe } from 'vitest';
import { memoryPorts } from '../memory/memory-ports.ts';
import { memoryStores } from '../memory/memory-stores.ts';
import { chargeContract } from './charge.contract.ts';
import { directoryContract } from './directory.contract.ts';
import { type DynamoStores, storesOn } from './dynamo-stores.ts';
import { type DynamoDbApi, dynamoDbTargets } from './dynamodb-apis.ts';
import { expiryContract } from './expiry.contract.ts';
import { groupsContract } from './groups.contract.ts';
import { httpSessionsContract } from './http-sessions.contract.ts';
import { logContract } from './log.contract.ts';
import { occupancyContract } from './occupancy.contract.ts';
import { presenceContract } from './presence.contract.ts';
import { readPositionsContract } from './read-positions.contract.ts';
import { revocationsContract } from './revocations.contract.ts';
import { runsContract } from './runs.contract.ts';
import { storesContract } from './stores.contract.ts';
import { turnsContract } from './turns.contract.ts';
import { valuesContract } from './values.contract.ts';

storesContract('memory', async () => memoryStores());
groupsContract('memory', async () => memoryStores());
chargeContract('memory', async () => memoryStores());
occupancyContract('memory', async () => memoryStores());
httpSessionsContract('memory', async () => memoryStores());
revocationsContract('memory', async () => memoryStores());
readPositionsContract('memory', async () => memoryStores());
runsContract('memory', async () => memoryStores());
directoryContract('memory', async () => memoryPorts());
logContract('memory', async () => memoryPorts());
turnsContract('memory', async () => memoryPorts());
valuesContract('memory', async () => memoryPorts());
presenceContract('memory', async () => memoryStores());
expiryContract('memory', async () => memoryStores());

for (const target of dynamoDbTargets()) {
  describe(`on ${target.name}`, () => {
    let api: DynamoDbApi;
    let stores: DynamoStores;

    beforeAll(async () => {
      api = await target.start();
      stores = await storesOn(api.url);
    });

    afterAll(async () => {
      stores.client.destroy();
      await api.close();
    });

    storesContract(target.name, async () => stores);
    groupsContract(target.name, async () => stores);
    chargeContract(target.name, async () => stores);
    occupancyContract(target.name, async () => stores);
    httpSessionsContract(target.name, async () => stores);
    revocationsContract(target.name, async () => stores);
    readPositionsContract(target.name, async () => stores);
    runsContract(target.name, async () => stores);
    directoryContract(target.name, async () => stores);
    logContract(target.name, async () => stores);
    turnsContract(target.name, async () => stores);
    valuesContract(target.name, async () => stores);
    presenceContract(target.name, async () => stores);
    expiryContract(target.name, async () => stores);
  });
}
