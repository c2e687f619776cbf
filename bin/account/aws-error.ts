/** Errors of the AWS SDK by what they mean for the person at the command line. */

import { CommandLineError } from '../command-line.ts';

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded/;

export function isThrottled(error: unknown): boolean {
  return THROTTLED.test(nameOf(error));
}

/** CloudFormation has no code of its own for a stack that does not exist. */
export function isMissingStack(error: unknown): boolean {
  return (
    nameOf(error) === 'ValidationError' && error instanceof Error && /does not exist/.test(error.message)
  );
}

const SIGN_IN = 'Sign in (`aws sso login`, `aws configure`, or AWS_PROFILE) and run it again.';

/** The meaning of each error of the credential providers and of STS. */
const meanings: ReadonlyMap<string, string> = new Map([
  ['CredentialsProviderError', `There are no AWS credentials. ${SIGN_IN}`],
  ['TokenProviderError', `The AWS sign-in is missing or has expired. ${SIGN_IN}`],
  ['ExpiredToken', `The AWS credentials have expired. ${SIGN_IN}`],
  ['ExpiredTokenException', `The AWS credentials have expired. ${SIGN_IN}`],
  ['InvalidClientTokenId', `AWS does not know these credentials. ${SIGN_IN}`],
  ['UnrecognizedClientException', `AWS does not know these credentials. ${SIGN_IN}`],
  [
    'SignatureDoesNotMatch',
    `AWS refuses these credentials: the secret key, or this computer's clock, is wrong. ${SIGN_IN}`,
  ],
]);

/** For a first call to AWS, which fails when there are no credentials or no region. */
export function signInError(error: unknown): CommandLineError {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('Region is missing'))
    return new CommandLineError('There is no AWS region. Name it: AWS_REGION=eu-central-1, or AWS_PROFILE.');
  const meaning = meanings.get(nameOf(error));
  return new CommandLineError(meaning ?? `AWS could not be asked: ${nameOf(error)}: ${message}`);
}
