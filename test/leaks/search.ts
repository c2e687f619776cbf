/** Searches logs for secrets: for each as a whole, for the secret parts of tokens, and for every text that looks like a token. */

export interface Log {
  readonly name: string;
  readonly text: string;
}

/** The place of the leak. Its text would be one more leak. */
export interface Leak {
  readonly log: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A JWT that no test registered: header and claims are JSON objects, which in base64url begin with `eyJ`. */
const TOKEN = /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/;

/** Characters. A log may contain a shorter part of a token by accident. */
const SHORTEST_PART = 16;

export function leaksIn(logs: readonly Log[], secrets: readonly string[]): Leak[] {
  const needles = [...new Set(secrets.flatMap(needlesOf))];
  return logs.flatMap(({ name, text }) => {
    // Most logs contain no secret, which this check finds quickly.
    const found = needles.filter((needle) => text.includes(needle));
    if (found.length === 0 && !TOKEN.test(text)) return [];
    const leaky = (line: string) => TOKEN.test(line) || found.some((needle) => line.includes(needle));
    return text.split('\n').flatMap((line, index) => (leaky(line) ? [{ log: name, line: index + 1 }] : []));
  });
}

/** The claims identify a user, and only the owner of the key can make the signature. All tokens share the header. */
function needlesOf(secret: string): string[] {
  const [, claims = '', signature = '', ...more] = secret.split('.');
  const parts = more.length === 0 ? [claims, signature] : [];
  return [secret, ...parts.filter((part) => part.length >= SHORTEST_PART)];
}
