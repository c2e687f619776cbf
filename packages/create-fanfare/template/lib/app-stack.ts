/** What is deployed. Add your own tables and functions here. */

import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Fanfare } from 'fanfare';

export class AppStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new Fanfare(this, 'Realtime', {
      config: 'realtime/fanfare.config.ts',
      // The websites whose pages may connect, such as 'https://app.example.com'. On your machine all pages that it serves may.
      origins: [],
    });
  }
}
