import { tensor } from "@bunraku/backends";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { identityGrid } from "../identity-grid/identity-grid.ts";
import { backends } from "../testing/backends.ts";
import { displacementOf } from "./displacement.ts";
import { warpImage } from "./picture-warp.ts";
import { warpImageOnnx } from "./warp-image.onnx.ts";

describe.each(backends)("on %s", (_, open) => {
  test.each([
    { rows: 4, columns: 6, alignCorners: true },
    { rows: 4, columns: 6, alignCorners: false },
    { rows: 1, columns: 1, alignCorners: true },
    { rows: 9, columns: 14, alignCorners: false },
  ])("the form agrees with the definition, %o", async ({ rows, columns, alignCorners }) => {
    await using backend = await open();
    const image = noise([1, 3, 9, 14], 1, [0, 1]);
    const bend = noise([1, rows, columns, 2], 2, [-0.5, 0.5]).data;
    const places = identityGrid({ height: rows, width: columns }).data.map((at, i) => at + bend[i]!);
    const flow = tensor("float32", places, [1, rows, columns, 2]);
    const got = await runPiece(backend, (g, { image, flow }) => warpImageOnnx(g, image, flow, { alignCorners }), {
      image,
      flow,
    });
    const wanted = warpImage(image, displacementOf(flow, { alignCorners }));
    expect(compareTensors(got, wanted).maxAbsError).toBeLessThan(1e-5);
  });
});
