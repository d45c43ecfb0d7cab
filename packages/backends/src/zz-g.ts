import { webgpu } from "./webgpu/index.ts";
import { reference } from "./reference/index.ts";
import { GraphBuilder, encodeModel } from "./onnx/index.ts";
import { noise } from "./testing/noise.ts";
const b = await webgpu({ software: true, prove: false });
const r = await reference();
for (const [group, ci, co, k] of [[4, 6, 6, 1], [11, 6, 6, 1], [2, 6, 6, 1], [4, 6, 4, 1], [4, 3, 3, 1], [4, 5, 5, 1], [4, 4, 4, 1], [4, 8, 8, 1], [4, 7, 7, 1], [2, 2, 2, 1], [2, 3, 3, 1], [3, 4, 4, 1], [4, 2, 2, 1], [4, 6, 6, 3], [4, 1, 1, 1], [4, 9, 9, 1], [4, 6, 5, 1], [5, 6, 6, 1], [3, 6, 6, 1], [6,6,6,1],[7,6,6,1],[4,6,2,1],[4,6,8,1],[4,5,4,1],[4,7,4,1],[4,12,12,1]] as const) {
  const g = new GraphBuilder("g");
  const x = g.input("x", [1, group * ci, 5, 4]);
  const p = (k - 1) / 2;
  g.output(g.node("Conv", [x, g.constant(noise([group * co, ci, k, k]), "w")], [1, group * co, 5, 4], { kernel_shape: [k, k], pads: [p, p, p, p], group }), "y");
  const bytes = encodeModel(g.build());
  const f = { x: noise([1, group * ci, 5, 4], 7) };
  const [A, B] = [(await (await r.load(bytes)).run(f)).y!, (await (await b.load(bytes)).run(f)).y!];
  const u = A.data as Float32Array, v = (await B.read()) as Float32Array;
  let e = 0; for (let i = 0; i < u.length; i++) e = Math.max(e, Math.abs(u[i]! - v[i]!));
  console.log({ group, ci, co, k }, e > 1e-4 ? "WRONG" : "ok", e.toPrecision(2));
}
process.exit(0);
