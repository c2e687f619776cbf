/** The pretended account, where everything of the template is; nothing is ever sent there. */

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';
