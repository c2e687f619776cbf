/** What differs between stages, typed: the laptop, a development stack, production. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { accountQuotas } from './account-quotas.js';
import { ALL_BUT_MESSAGES } from './lifecycle-settings.js';
import { shareOf } from './quota-shares.js';
import { SettingError } from './setting-error.js';
/** Half a minute before its function would be stopped, which takes 15 minutes at most. */
export const STREAM_SECONDS = 870;
/** NTP keeps servers within a fraction of it. */
const CLOCK_SKEW_SECONDS = 5;
export const stages = {
    local: {
        name: 'local',
        removal: RemovalPolicy.DESTROY,
        names: 'fixed',
        logRetention: RetentionDays.ONE_DAY,
        throttle: { rateLimit: 5_000, burstLimit: 2_500 },
        // A laptop has no quota of requests and handshakes.
        routeThrottles: {
            $connect: { rateLimit: 5_000, burstLimit: 2_500 },
            $default: { rateLimit: 5_000, burstLimit: 2_500 },
            ping: { rateLimit: 5_000, burstLimit: 2_500 },
        },
        apiThrottle: { rateLimit: 5_000, burstLimit: 2_500 },
        apiAuthorization: 'token',
        postsPerSecond: 20_000,
        gatewayLogRole: 'existing',
        // There is no KMS on a laptop.
        encryption: 'aws-managed',
        edge: 'none',
        // Whatever is served on this machine. Not `null`: a page that was opened from a file has this origin, but so has every frame
        // that any website puts into a sandbox.
        origins: ['http://localhost:*', 'http://127.0.0.1:*'],
        // A laptop has no quota of executions either.
        fallback: { concurrency: 'unreserved', streamSeconds: STREAM_SECONDS },
        lifecycleEvents: ALL_BUT_MESSAGES,
        tokens: { issuers: [], clockSkewSeconds: CLOCK_SKEW_SECONDS },
    },
    dev: {
        name: 'dev',
        removal: RemovalPolicy.DESTROY,
        names: 'generated',
        logRetention: RetentionDays.ONE_WEEK,
        // A fifth of the account's quotas: 62 handshakes a second, and pings of 10,000 idle clients, who ping every 270 seconds.
        ...shareOf(accountQuotas, 0.2),
        apiAuthorization: 'token',
        gatewayLogRole: 'create',
        // A key that is made and left behind with every trial stack is money for nothing.
        encryption: 'aws-managed',
        edge: 'none',
        // No website yet: name yours.
        origins: [],
        fallback: 'none',
        lifecycleEvents: ALL_BUT_MESSAGES,
        tokens: { issuers: [], clockSkewSeconds: CLOCK_SKEW_SECONDS },
    },
    prod: {
        name: 'prod',
        removal: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        names: 'generated',
        logRetention: RetentionDays.THREE_MONTHS,
        // Four fifths of the account's quotas. Handshakes are the expensive route, and open to everybody: each runs two functions and
        // writes. With 250 a second, 100,000 clients that come back at once take seven minutes. Pings: 40,000 idle clients.
        ...shareOf(accountQuotas, 0.8),
        apiAuthorization: 'token',
        gatewayLogRole: 'create',
        // Messages of people: that reading them at rest can be stopped in one place is worth a dollar.
        encryption: 'customer-managed',
        edge: 'none',
        // No website yet: name yours.
        origins: [],
        // Off, because a new account has ten concurrent executions and can reserve none: the stack could not be created. To turn it on,
        // have the quota "Concurrent executions" of Lambda raised to at least 300, and write
        // `fallback: { concurrency: 200, streamSeconds: STREAM_SECONDS }`. It reserves 200 of them.
        fallback: 'none',
        lifecycleEvents: ALL_BUT_MESSAGES,
        tokens: { issuers: [], clockSkewSeconds: CLOCK_SKEW_SECONDS },
    },
};
/** The stages that `cdk deploy` offers, by name: every entry of the table but `local`. */
export function deployedStages(table = stages) {
    return new Map(Object.entries(table).filter(([key]) => key !== 'local'));
}
/**
 * The settings of a stage that `cdk deploy` offers: every entry of the table but `local`, which opens what only a laptop may
 * have open.
 *
 * @throws SettingError that names the stages there are.
 */
export function deployedStage(name, table = stages) {
    const deployed = deployedStages(table);
    const settings = typeof name === 'string' ? deployed.get(name) : undefined;
    if (settings)
        return settings;
    const choices = [...deployed.keys()].map((key) => `-c stage=${key}`).join(' or ');
    throw new SettingError(`Choose the stage with ${choices}; got ${JSON.stringify(name)}.`);
}
