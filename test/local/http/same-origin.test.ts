import { describe, expect, it } from 'vitest';
import { isOfThisSite } from '../../../local/http/same-origin.ts';

const host = 'localhost:8080';

describe('a request', () => {
  it.each([
    { host },
    { host: '127.0.0.1:8080' },
    { host: '[::1]:8080' },
    { host: 'LOCALHOST' },
    { host, 'sec-fetch-site': 'same-origin' },
    { host, 'sec-fetch-site': 'none' },
    { host, origin: 'http://localhost:8080' },
  ])('is of this site: %j', (headers) => {
    expect(isOfThisSite(headers)).toBe(true);
  });

  it.each([
    {},
    { host: 'rebound.example.com:8080' },
    { host: 'localhost.example.com' },
    { host: '127.0.0.1.example.com:8080' },
    { host, 'sec-fetch-site': 'same-site' },
    { host, 'sec-fetch-site': 'cross-site' },
    { host, 'sec-fetch-site': 'anything' },
    { host, origin: 'http://localhost:9090' },
    { host, origin: 'https://localhost:8080' },
    { host, origin: 'null' },
  ])('is not of this site: %j', (headers) => {
    expect(isOfThisSite(headers)).toBe(false);
  });
});
