import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { imageToPicture } from "./image-to-picture.ts";

test("planes of [0, 1] become interleaved, opaque bytes", () => {
  const image = tensor("float32", Float32Array.of(0, 1, 0.2, 0.4, 0.6, 0.8), [1, 3, 1, 2]);
  expect(imageToPicture(image)).toEqual({
    width: 2,
    height: 1,
    data: Uint8ClampedArray.of(0, 51, 153, 255, 255, 102, 204, 255),
  });
});

test("bytes are rounded, not cut: 127.5 becomes 128 and 25.4 becomes 25", () => {
  const image = tensor("float32", Float32Array.of(0.5, 25.4 / 255, 25.6 / 255), [1, 3, 1, 1]);
  expect([...imageToPicture(image).data]).toEqual([128, 25, 26, 255]);
});

test("values outside [0, 1] are clipped, what is not a number is black", () => {
  const image = tensor("float32", Float32Array.of(-3, 7, Number.NaN), [1, 3, 1, 1]);
  expect([...imageToPicture(image).data]).toEqual([0, 255, 0, 255]);
});

test("wrong shapes are named", () => {
  expect(() => imageToPicture(noise([1, 4, 2, 2]))).toThrow(
    "imageToPicture image: expected [1, 3, H, W], got [1, 4, 2, 2].",
  );
});
