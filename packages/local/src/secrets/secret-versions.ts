/** The versions of one secret, and the labels by which callers ask for them. */

import { randomUUID } from 'node:crypto';

export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** Where a label is taken from, and where it goes. */
export interface LabelMove {
  readonly label: string;
  readonly to?: string | undefined;
  readonly from?: string | undefined;
}

/** Why a label stays where it is. */
export type Unmoved = 'unknown-version' | 'elsewhere' | 'current-needs-a-version';

/**
 * A version without a label is deprecated: Secrets Manager deletes it at some time, and here it is gone at once.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
export class SecretVersions {
  readonly #versions = new Map<string, SecretVersion>();
  /** The version of each label: a label is at one version. */
  readonly #labels = new Map<string, string>();

  constructor(value: string) {
    this.add(value, { labels: [CURRENT] });
  }

  find({ id, label }: { readonly id?: string | undefined; readonly label?: string | undefined }) {
    const labelled = label === undefined ? undefined : this.#labels.get(label);
    if (label !== undefined && labelled === undefined) return undefined;
    if (id !== undefined && labelled !== undefined && labelled !== id) return undefined;
    return this.#versions.get(id ?? labelled ?? '');
  }

  /** `AWSCURRENT` never leaves a secret. */
  current(): SecretVersion {
    const version = this.find({ label: CURRENT });
    if (!version) throw new Error('A secret without a current version');
    return version;
  }

  labelsOf(id: string): readonly string[] {
    return [...this.#labels].flatMap(([label, version]) => (version === id ? [label] : []));
  }

  /** Adds a version, and takes its labels from the others. */
  add(value: string, { id = randomUUID(), labels }: { id?: string | undefined; labels: readonly string[] }) {
    const version: SecretVersion = { id, value, createdAt: Date.now() };
    this.#versions.set(id, version);
    for (const label of labels) this.#attach(label, id);
    this.#forgetDeprecated();
    return version;
  }

  /** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html */
  move({ label, to, from }: LabelMove): Unmoved | undefined {
    const holder = this.#labels.get(label);
    if (to !== undefined && !this.#versions.has(to)) return 'unknown-version';
    if (from === undefined ? holder !== undefined && holder !== to : holder !== from) return 'elsewhere';
    if (to === undefined && label === CURRENT) return 'current-needs-a-version';
    if (to === undefined) this.#labels.delete(label);
    else this.#attach(label, to);
    this.#forgetDeprecated();
    return undefined;
  }

  /** Where `AWSCURRENT` leaves a version, `AWSPREVIOUS` comes to it by itself. */
  #attach(label: string, id: string): void {
    const former = this.#labels.get(label);
    this.#labels.set(label, id);
    if (label === CURRENT && former !== undefined && former !== id) this.#labels.set(PREVIOUS, former);
  }

  #forgetDeprecated(): void {
    const labelled = new Set(this.#labels.values());
    for (const id of this.#versions.keys()) if (!labelled.has(id)) this.#versions.delete(id);
  }
}
