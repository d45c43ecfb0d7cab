import { GraphBuilder } from "@bunraku/backends/onnx";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { antiAliasDownOnnx } from "./anti-alias.onnx.ts";
import { antiAliasDown } from "./anti-alias.ts";

const cases = [
  { dims: [1, 3, 16, 16], scale: 0.5 },
  { dims: [1, 3, 15, 22], scale: 0.25 },
  { dims: [1, 1, 33, 17], scale: 0.125 },
  { dims: [1, 2, 10, 9], scale: 0.4 }, // 1/scale is not whole
  { dims: [1, 1, 1, 7], scale: 0.5 },
  { dims: [1, 3, 4, 5], scale: 1 },
] as const;

describe.each(backends)("on %s", (_, open) => {
  test("the form agrees with the definition", async () => {
    await using backend = await open();
    for (const { dims, scale } of cases) {
      const image = noise(dims);
      const got = await runPiece(backend, (g, { image }) => antiAliasDownOnnx(g, image, scale), { image });
      expect(compareTensors(got, antiAliasDown(image, scale)).maxAbsError, `${dims} ${scale}`).toBeLessThan(1e-5);
    }
  });
});

test("scale 1 adds no node", () => {
  const g = new GraphBuilder("same");
  const image = g.input("image", [1, 3, 4, 5]);
  expect(antiAliasDownOnnx(g, image, 1)).toBe(image);
});
