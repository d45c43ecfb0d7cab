import { tensor } from "../contract/tensor.ts";
import { testBackend } from "../testing/test-backend.ts";
import { intAttribute } from "./attributes.ts";
import { type Operator, wantInput } from "./operator.ts";
import { reference } from "./reference.ts";

/** Bilinear, zeros outside: the little that the conformance needs. The real one is in the package for warping. */
const gridSample: Operator = {
  op: "GridSample",
  run(inputs, attributes) {
    const image = wantInput(inputs, 0, "GridSample image");
    const grid = wantInput(inputs, 1, "GridSample grid");
    const [n, c, h, w] = image.dims as [number, number, number, number];
    const [, ho, wo] = grid.dims as [number, number, number];
    const aligned = intAttribute(attributes, "align_corners", 0) !== 0;
    const place = (at: number, size: number) => (aligned ? ((at + 1) / 2) * (size - 1) : ((at + 1) * size - 1) / 2);
    const out = new Float32Array(n * c * ho * wo);
    for (let at = 0; at < out.length; at++) {
      const pixel = at % (ho * wo);
      const plane = Math.floor(at / (ho * wo));
      const cell = (Math.floor(plane / c) * ho * wo + pixel) * 2;
      const u = place(grid.data[cell]!, w);
      const v = place(grid.data[cell + 1]!, h);
      for (let y = Math.floor(v); y <= Math.floor(v) + 1; y++) {
        for (let x = Math.floor(u); x <= Math.floor(u) + 1; x++) {
          if (x < 0 || y < 0 || x >= w || y >= h) continue;
          out[at]! += image.data[(plane * h + y) * w + x]! * (1 - Math.abs(u - x)) * (1 - Math.abs(v - y));
        }
      }
    }
    return [tensor("float32", out, [n, c, ho, wo])];
  },
};

testBackend("reference", () => reference({ operators: [gridSample] }), { responsive: true });
