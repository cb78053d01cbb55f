// node run_graph.cjs FOLDER-WITH-NODE-MODULES GRAPH.onnx FOLDER: reads inputs.json and NAME.bin, writes outputs.json and out-NAME.bin, raw and little-endian.
const fs = require('node:fs');
const path = require('node:path');

const [runtime, graph, folder] = process.argv.slice(2);
const ort = require(path.join(runtime, 'node_modules', 'onnxruntime-node'));

function tensor({ name, type, dims }) {
  const bytes = fs.readFileSync(path.join(folder, `${name}.bin`));
  const Values = type === 'int64' ? BigInt64Array : Float32Array;
  const copy = new Uint8Array(bytes);
  return new ort.Tensor(type, new Values(copy.buffer, 0, copy.byteLength / Values.BYTES_PER_ELEMENT), dims);
}

async function main() {
  const session = await ort.InferenceSession.create(graph, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const inputs = JSON.parse(fs.readFileSync(path.join(folder, 'inputs.json'), 'utf8'));
  const results = await session.run(Object.fromEntries(inputs.map((input) => [input.name, tensor(input)])));
  const outputs = Object.entries(results).map(([name, value]) => {
    fs.writeFileSync(path.join(folder, `out-${name}.bin`), new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength));
    return { name, dims: value.dims };
  });
  fs.writeFileSync(path.join(folder, 'outputs.json'), JSON.stringify(outputs));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
