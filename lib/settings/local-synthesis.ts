/** Whether an app is synthesized for a laptop, and the names of stages that only a laptop has. */

import type { Node } from 'constructs';

/** The context that the local runtime passes to each app which it runs. */
export const LOCAL_CONTEXT = 'fanfare-local';

/** The account that the local runtime gives to apps. */
const LOCAL_ACCOUNT = '000000000000';

/**
 * The CDK command line names the account that it deploys to. So an app with this context in its `cdk.json` is still deployed with
 * the rules of a deployed stage.
 */
export function isLocalSynthesis(node: Node): boolean {
  const { CDK_DEFAULT_ACCOUNT: account = LOCAL_ACCOUNT } = process.env;
  return Boolean(node.tryGetContext(LOCAL_CONTEXT)) && account === LOCAL_ACCOUNT;
}
