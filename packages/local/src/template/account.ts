/** The pretended account of all resources. No request is ever sent to AWS. */

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** The credentials of functions. The developer's own credentials are never used. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** The host that an API has in the URLs of the template. */
export function deployedApiHost(apiId: string): string {
  return `${apiId}.execute-api.${REGION}.amazonaws.com`;
}
