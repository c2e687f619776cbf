/** `table(name)`: a table of the application's own, as the handlers of `fanfare.config.ts` use it. */

import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type OwnTable, type TableOptions, tableVariable } from '../own-logic/own-table.ts';
import { conditionHolds } from './condition.ts';

/**
 * A table that the construct was given by this name in `tables`. `Item` is what the table has; it is not checked.
 *
 * @example
 * const orders = table<{ id: string; pieces: number }>('orders');
 * await orders.put({ id: 'order-7', pieces: 2 });
 */
export function table<Item extends object = Record<string, unknown>>(name: string): OwnTable<Item> {
  const requests = () => requestsOf(nameIn(process.env, name));
  return {
    get name() {
      return nameIn(process.env, name);
    },
    async get(key, options) {
      const item = await requests().get(key, options);
      return isItem<Item>(item) ? item : undefined;
    },
    put: async (item, options) => requests().put(item, options),
    delete: async (key, options) => requests().delete(key, options),
  };
}

/** The types of a table are the word of its application. */
function isItem<Item extends object>(item: object | undefined): item is Item {
  return item !== undefined;
}

/** @throws Error in a function that was not given the table, and where the configuration is only read. */
function nameIn(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const found = environment[tableVariable(name)];
  if (found !== undefined) return found;
  throw new Error(`There is no table ${JSON.stringify(name)}: name it in \`tables\` of the construct.`);
}

interface TableRequests {
  get(key: object, options?: TableOptions): Promise<object | undefined>;
  put(item: object, options?: TableOptions & { readonly ifAbsent?: string }): Promise<boolean>;
  delete(key: object, options?: TableOptions): Promise<void>;
}

const absent = (attribute: string | undefined) =>
  attribute === undefined
    ? {}
    : {
        ConditionExpression: 'attribute_not_exists(#attribute)',
        ExpressionAttributeNames: { '#attribute': attribute },
      };

let client: DynamoDBClient | undefined;

/** The client is made by the first request: synthesis reads the same file, and has no region. */
function requestsOf(TableName: string): TableRequests {
  client ??= new DynamoDBClient();
  const database = client;
  const written = (value: object) => marshall(value, { removeUndefinedValues: true });
  const until = ({ signal }: TableOptions = {}) => (signal ? { abortSignal: signal } : {});
  return {
    async get(key, options) {
      const command = new GetItemCommand({ TableName, Key: written(key), ConsistentRead: true });
      const { Item } = await database.send(command, until(options));
      return Item && unmarshall(Item);
    },
    async put(item, { ifAbsent, ...options } = {}) {
      const command = new PutItemCommand({ TableName, Item: written(item), ...absent(ifAbsent) });
      return conditionHolds(database.send(command, until(options)));
    },
    async delete(key, options) {
      await database.send(new DeleteItemCommand({ TableName, Key: written(key) }), until(options));
    },
  };
}
