const url = process.env.SEGMENTATION_URL ?? 'http://127.0.0.1:5080';
const headers = { Authorization: `Bearer ${process.env.SEGMENTATION_KEY ?? 'none'}` };

async function get(path) {
  const answer = await fetch(url + path, { headers });
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(`${path}: ${body.title ?? answer.status} ${body.detail ?? ''}`);
  }
  return body;
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

async function segments() {
  const { segments, customers } = await get('/api/segments');
  console.log(`${customers} customers`);
  for (const s of segments) {
    console.log(`${s.name}: ${s.size} customers (${percent(s.share)}), ${percent(s.monetaryShare)} of revenue. ${s.description}`);
  }
  if (segments.length > 0) {
    const { items } = await get(`/api/customers?segment=${encodeURIComponent(segments[0].key)}&limit=5`);
    console.log(`some ${segments[0].name}: ${items.map((c) => c.id).join(', ')}`);
  }
}

async function customer(id) {
  const path = `/api/customers/${encodeURIComponent(id)}`;
  const { segment, features, lastSeen } = await get(path);
  console.log(`${id}: ${features.frequency} orders worth ${features.monetary}, last seen ${lastSeen}`);
  if (segment) {
    const { text } = await get(`${path}/explanation`);
    console.log(`${segment.name} (${percent(segment.probability)}) since ${segment.since}. ${text}`);
  } else {
    console.log('no segment yet: re-cluster first');
  }
}

async function live() {
  const answer = await fetch(`${url}/api/live`, { headers });
  let text = '';
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const messages = text.split('\n\n');
    text = messages.pop();
    for (const message of messages.filter((m) => m.startsWith('event: transition'))) {
      const { customerId, from, to } = JSON.parse(message.slice(message.indexOf('data: ') + 6));
      console.log(`${customerId}: ${from ?? '–'} → ${to ?? '–'}`);
    }
  }
}

const [argument] = process.argv.slice(2);
await (argument === '--live' ? live() : argument ? customer(argument) : segments());
