// The same graph and batches through onnxruntime-node: node onnxruntime_node.mjs PACKAGE GRAPH BATCH EVENTS STATE FEATURES SECONDS LOOPS
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, graph, ...numbers] = process.argv.slice(2);
const [batch, events, stateSize, featureColumns, seconds, loops] = numbers.map(Number);
const ort = createRequire(path.join(folder, 'package.json'))('onnxruntime-node');
const session = await ort.InferenceSession.create(graph, { intraOpNumThreads: 1, interOpNumThreads: 1, enableMemPattern: false });
const floats = (...shape) => new ort.Tensor('float32', Float32Array.from({ length: shape.reduce((a, b) => a * b) }, Math.random), shape);

let runs = 0;
const loop = async (until) => {
  const inputs = {
    events: floats(batch, events, 11),
    lengths: new ort.Tensor('int64', BigInt64Array.from({ length: batch }, () => BigInt(events)), [batch]),
    state: floats(batch, stateSize),
    features: floats(batch, featureColumns),
  };
  while (performance.now() < until()) {
    await session.run(inputs);
    runs++;
  }
};
await loop(() => (runs < 3 ? Infinity : 0));
runs = 0;
const start = performance.now();
const end = start + seconds * 1000;
await Promise.all(Array.from({ length: loops }, () => loop(() => end)));
console.log(Math.round((runs * batch * 1000) / (performance.now() - start)));
