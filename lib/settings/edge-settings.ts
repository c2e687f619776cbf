/** The settings of a stage with an edge (`docs/edge.md`). */

/** The region in which CloudFront, its firewall, its certificates and its logs are managed, for a backend in any region. */
export const EDGE_REGION = 'us-east-1';

export interface EdgeSettings {
  /** The region of the backend. The template of the edge contains it. */
  readonly backendRegion: string;
  /**
   * The name that clients connect to, with the ARN of its certificate in us-east-1. With `none` it is a name of
   * CloudFront's, for which CloudFront accepts TLS 1.0, and no setting changes that: for trials only.
   */
  readonly domain: 'none' | { readonly name: string; readonly certificateArn: string };
  /** Where clients may be, as ISO 3166-1 alpha-2 codes. */
  readonly countries: 'all' | { readonly only: Countries } | { readonly except: Countries };
  /** How often one IP address may try to connect in five minutes: at least 10, which is the least that WAF takes. */
  readonly handshakesPerAddress: number;
  /** Raise it to replace the origin key. Handshakes are refused until all of CloudFront has the new key. */
  readonly keyVersion: number;
}

type Countries = readonly [string, ...string[]];
