import { randomUUID } from 'node:crypto';
import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({
  writeKey: process.env.SEGMENTATION_KEY ?? 'none',
  host: process.env.SEGMENTATION_URL ?? 'http://127.0.0.1:5080',
});
analytics.on('error', (error) => {
  console.error('not delivered:', error.reason ?? error.code);
  process.exitCode = 1;
});

const anonymousId = randomUUID();
const mug = { product_id: 'mug-blue', name: 'Blue mug', category: 'kitchen', price: 12.5, quantity: 2 };

analytics.page({ anonymousId, name: 'Home' });
analytics.track({ anonymousId, event: 'Products Searched', properties: { query: 'mug' } });
analytics.track({ anonymousId, event: 'Product Viewed', properties: mug });
analytics.identify({ userId: 'ada', anonymousId, traits: { age: 36, address: { country: 'United Kingdom' } } });
analytics.track({ userId: 'ada', event: 'Product Added', properties: mug });
analytics.track({
  userId: 'ada',
  event: 'Order Completed',
  properties: { order_id: randomUUID(), total: 25, currency: 'GBP', products: [mug] },
});

await analytics.closeAndFlush();
console.log('sent: now ask for /api/customers/ada');
