/** A program with one environment, which a test kills. Its argument is the folder of the function. */

import { ExecutionEnvironment } from '../../../packages/local/src/functions/execution-environment.ts';

const [folder = ''] = process.argv.slice(2);
const environment = new ExecutionEnvironment(
  {
    name: 'Held',
    folder,
    handler: 'index.handler',
    runtime: 'nodejs22.x',
    memoryMb: 128,
    timeoutMs: 10_000,
    variables: {},
  },
  () => {},
  'processes',
);
await environment.invoke({});
process.stdout.write('answered\n');
setInterval(() => {}, 60_000);
