/** A table of the app, of either construct of the CDK. The classes are named because their optional properties are not those of the interface. */

import type { ITable, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';

export type AppTable = ITable | Table | TableV2;
