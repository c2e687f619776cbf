/** A limit for requests of the AWS SDK, which would otherwise wait for ever for an answer that does not come. */

export const boundedRequests = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
} as const;
