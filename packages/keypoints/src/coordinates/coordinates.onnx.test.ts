import { runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { coordinatesOnnx } from "./coordinates.onnx.ts";

describe.each(backends)("on %s", (_, open) => {
  test("coordinates are one row of (x, y) per position, row by row", async () => {
    await using backend = await open();
    const got = await runPiece(backend, (g) => coordinatesOnnx(g, { height: 2, width: 3 }), {});
    expect(got.dims).toEqual([6, 2]);
    expect([...got.data]).toEqual([-1, -1, 0, -1, 1, -1, -1, 1, 0, 1, 1, 1]);
  });
});
