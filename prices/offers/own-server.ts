/** A month of a server of one's own: containers on Fargate behind a load balancer. */

import { charge, type Offer, offer } from '../charge.ts';
import { foreignPrices } from '../foreign-prices.ts';
import { type Load, MINUTES_A_MONTH, monthOf } from '../load.ts';

const HOURS_A_MONTH = MINUTES_A_MONTH / 60;

/**
 * What one vCPU serves: a million connections and 500,000 deliveries a second on 40 of them, as Centrifugo published in 2020
 * (https://centrifugal.dev/blog/2020/02/10/million-connections-with-centrifugo).
 */
const PER_VCPU = { connections: 25_000, deliveriesPerSecond: 12_500 };

/** Half of it stays free, so that the others take over when a container ends. */
const RESERVE = 2;

/** Two containers of a quarter of a vCPU. */
const LEAST_VCPU = 0.5;

const GB_PER_VCPU = 2;

/** What one capacity unit of the load balancer is good for. */
const PER_CAPACITY_UNIT = { connections: 3_000, gbPerHour: 1 };

/** The size of a message, as assumed for all loads. */
const GB_PER_MESSAGE = 1e-6;

export function ownServerOffer(load: Load): Offer {
  const { deliveriesPerSecond } = monthOf(load);
  const busy = Math.max(
    load.connections / PER_VCPU.connections,
    deliveriesPerSecond / PER_VCPU.deliveriesPerSecond,
  );
  const vCpu = Math.max(LEAST_VCPU, Math.ceil(busy * RESERVE * 4) / 4);
  const capacity = Math.max(
    load.connections / PER_CAPACITY_UNIT.connections,
    (deliveriesPerSecond * 3_600 * GB_PER_MESSAGE) / PER_CAPACITY_UNIT.gbPerHour,
  );
  return offer(
    [
      ...charge(`${vCpu} vCPU`, vCpu * HOURS_A_MONTH, foreignPrices.fargateCpu),
      ...charge(`${vCpu * GB_PER_VCPU} GB`, vCpu * GB_PER_VCPU * HOURS_A_MONTH, foreignPrices.fargateMemory),
      ...charge('load balancer', HOURS_A_MONTH, foreignPrices.balancer),
      ...charge('capacity of the load balancer', capacity * HOURS_A_MONTH, foreignPrices.balancerCapacity),
    ],
    'without a broker between the servers, a database for history, and the people who run them',
  );
}
