// Sends one call of each kind with the published Segment SDK. Arguments: address, write key.
import { Analytics } from '@segment/analytics-node';

const [, , host, writeKey] = process.argv;
const analytics = new Analytics({ writeKey, host, path: '/v1/batch', maxEventsInBatch: 50, flushInterval: 100 });
analytics.on('error', (error) => {
  console.error(JSON.stringify(error));
  process.exitCode = 1;
});

analytics.identify({ userId: 'segment-user', anonymousId: 'segment-visitor', traits: { email: 'a@example.org', age: 34, address: { country: 'DE' } } });
analytics.track({
  userId: 'segment-user',
  event: 'Order Completed',
  timestamp: new Date(Date.now() - 60_000),
  properties: {
    order_id: 'o-1', total: 41.5, currency: 'EUR',
    products: [{ product_id: 'p-1', name: 'Mug', category: 'Home', price: 20, quantity: 2 }],
  },
});
analytics.track({ anonymousId: 'segment-visitor', event: 'Product Viewed', properties: { product_id: 'p-1', price: 20 } });
analytics.page({ userId: 'segment-user', name: 'Home', properties: { url: 'https://shop.example/' } });
analytics.screen({ userId: 'segment-user', name: 'Cart' });
analytics.group({ userId: 'segment-user', groupId: 'company-1', traits: { plan: 'pro' } });
analytics.alias({ userId: 'segment-user', previousId: 'old-id' });
analytics.track({ userId: 'segment-user', event: 'Video Played', properties: { title: 'How to make tea' } });
await analytics.closeAndFlush({ timeout: 20_000 });
