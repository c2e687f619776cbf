/** The pretended account, where everything of the template is; nothing is ever sent there. */

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** What functions sign with; never those of the person at the keyboard. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Host of an API as the template's URLs are made of it. */
export function deployedApiHost(apiId: string): string {
  return `${apiId}.execute-api.${REGION}.amazonaws.com`;
}
