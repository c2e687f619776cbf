import type { ItemChange } from 'fanfare/config';
import type { Order } from './order.ts';

export default ({ after }: ItemChange<Order>) => after && { channels: ['orders:all'], data: after };
