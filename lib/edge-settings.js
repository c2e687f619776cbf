/** What a stage with an edge decides about it (`docs/edge.md`). */
/** Where CloudFront, its firewall, its certificates and its logs are managed, wherever the backend is. */
export const EDGE_REGION = 'us-east-1';
