/**
 * Makes a self-signed certificate for loopback when it is needed. So the repository contains no key, and no tool has to be
 * installed. The certificate needs only a few structures of X.509 in DER (RFC 5280).
 */

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Tags of ASN.1. */
const tag = {
  integer: 0x02,
  bits: 0x03,
  bytes: 0x04,
  oid: 0x06,
  text: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
};
const context = { version: 0xa0, extensions: 0xa3, dnsName: 0x82, ipAddress: 0x87 };

/** Object identifiers, as bytes. */
const oid = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  subjectAltName: '551d11',
};

export function loopbackCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(tag.sequence, identifier(oid.ecdsaWithSha256));
  const name = der(
    tag.sequence,
    der(tag.set, der(tag.sequence, identifier(oid.commonName), der(tag.text, 'localhost'))),
  );
  const validity = der(tag.sequence, time(Date.now() - DAY_MS), time(Date.now() + DAY_MS));
  const names = der(
    tag.sequence,
    der(context.dnsName, 'localhost'),
    der(context.ipAddress, Buffer.of(127, 0, 0, 1)),
  );
  const altName = der(tag.sequence, identifier(oid.subjectAltName), der(tag.bytes, names));
  const content = der(
    tag.sequence,
    der(context.version, der(tag.integer, Buffer.of(2))),
    der(tag.integer, Buffer.of(1), randomBytes(8)),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(context.extensions, der(tag.sequence, altName)),
  );
  const signature = der(tag.bits, Buffer.of(0), sign('sha256', content, privateKey));
  return {
    cert: pem(der(tag.sequence, content, algorithm, signature)),
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

/** One value: its tag, its length, its parts. */
function der(type: number, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.of(type, ...sizeOf(content)), content]);
}

/** In as few bytes as it takes. */
function sizeOf({ length }: Buffer): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function identifier(hex: string): Buffer {
  return der(tag.oid, Buffer.from(hex, 'hex'));
}

/** `YYMMDDHHMMSSZ` */
function time(at: number): Buffer {
  return der(tag.time, `${new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`);
}

function pem(content: Buffer): string {
  const lines = content.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
