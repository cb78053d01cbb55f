// Sends one call of each kind with the published RudderStack SDK. Arguments: address, write key.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const module = require('@rudderstack/rudder-sdk-node');
const RudderAnalytics = module.default ?? module;
const [, , host, writeKey] = process.argv;
const client = new RudderAnalytics(writeKey, { dataPlaneUrl: host, flushAt: 20, flushInterval: 100, logLevel: 'error' });

client.identify({ userId: 'rudder-user', traits: { email: 'b@example.org', vip: true } });
client.track({
  userId: 'rudder-user',
  event: 'Order Completed',
  properties: { order_id: 'o-2', revenue: 12.5, products: [{ product_id: 'p-2', price: 12.5 }] },
});
client.page({ userId: 'rudder-user', name: 'Home' });
client.screen({ userId: 'rudder-user', name: 'Cart' });
client.group({ userId: 'rudder-user', groupId: 'company-2' });
client.alias({ userId: 'rudder-user', previousId: 'rudder-visitor' });
client.track({ anonymousId: 'rudder-visitor', event: 'Product Viewed', properties: { product_id: 'p-2' } });
await new Promise((resolve, reject) => client.flush((error) => (error ? reject(error) : resolve())));
process.exit(0);
