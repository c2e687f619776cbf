/** The fields by which a client may try to pass for another user, ann. */

export const FORGED_SEQ = 7;
const FORGED_TIME = 1_000_000_000_000;

/** A forged identity under every name that the server or the platform uses. */
const forged = {
  from: 'ann',
  user: 'ann',
  sub: 'ann',
  principalId: 'ann',
  seq: FORGED_SEQ,
  time: FORGED_TIME,
  connectionId: 'AAAAAAAAAAAAAAA=',
  connectedAt: FORGED_TIME,
  issuedAt: '9999999999',
  expiresAt: '9999999999',
  grants: { '*': ['subscribe', 'publish', 'members'] },
  channels: '{"*":["subscribe","publish","members"]}',
};
const authorizer = { ...forged };

/** To go into a command at every place. */
export const lies = { ...forged, authorizer, requestContext: { ...forged, authorizer } };

/** The same as text. */
export const lyingQuery = Object.entries(lies).map(
  ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
);

/** Headers in which gateways, load balancers and proxies pass on the identity of a caller. */
const vouchers = [
  'X-Amzn-Oidc-Identity',
  'X-Amzn-Oidc-Data',
  'X-Amzn-Principal-Id',
  'X-Amzn-Authorizer-Principal-Id',
  'X-Amz-Security-Token',
  'X-Authenticated-User',
  'X-Forwarded-User',
  'X-Remote-User',
  'X-Principal-Id',
];

export const lyingHeaders = Object.fromEntries([
  ...lyingQuery,
  ...vouchers.map((name) => [name, 'ann'] as const),
]);
