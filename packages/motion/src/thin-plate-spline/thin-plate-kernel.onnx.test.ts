import { tensor } from "@bunraku/backends";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { thinPlateKernelOnnx } from "./thin-plate-kernel.onnx.ts";
import { thinPlateKernel } from "./thin-plate-kernel.ts";

describe.each(backends)("on %s", (_, open) => {
  test("the form agrees with the definition, on a centre and next to it too", async () => {
    await using backend = await open();
    const squared = noise([3, 20], 1, [0, 8]);
    squared.data.set([0, 1e-38, 1e-30, 1e-12, 1e-4, 1], 7);
    const got = await runPiece(backend, (g, { squared }) => thinPlateKernelOnnx(g, squared), { squared });
    const wanted = tensor("float32", squared.data.map(thinPlateKernel), squared.dims);
    expect(compareTensors(got, wanted).maxAbsError).toBeLessThan(1e-5);
    expect(got.data[7]).toBeCloseTo(0, 30);
  });
});
