import { readFile } from "node:fs/promises";
import type { Backend } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFaceDetector, type FaceDetector } from "../detector/face-detector.ts";
import { blank, readPicture } from "../testing-pictures/read-picture.ts";
import { yunet } from "../yunet.ts";
import { findPortraitCrop } from "./find-portrait-crop.ts";

let backend: Backend;
let detector: FaceDetector;

beforeAll(async () => {
  backend = await ortNode({ threads: 1 });
  detector = await createFaceDetector(backend, await readFile(yunet));
});
afterAll(() => backend[Symbol.asyncDispose]());

test.each(["head_03.jpg", "head_11.jpg"])("%s is framed already and stays whole", async (name) => {
  const { crop, face } = await findPortraitCrop(detector, await readPicture(name));
  expect(crop).toEqual({ left: 0, top: 0, width: 256, height: 256 });
  expect(face!.score).toBeGreaterThan(0.8);
});

test("a half-length portrait is cropped to the head", async () => {
  const { crop } = await findPortraitCrop(detector, await readPicture("mona_lisa.jpg"));
  // By eye: hair from 115 to 272 across, crown at 60, chin at 233; all inside, and no hands (from 465 down).
  expect(crop.left).toBeLessThan(115);
  expect(crop.left + crop.width).toBeGreaterThan(272);
  expect(crop.top).toBeLessThan(60);
  expect(crop.top + crop.height).toBeGreaterThan(233);
  expect(crop.height).toBeLessThan(280);
});

test("a seated figure is cropped to the head", async () => {
  const { crop } = await findPortraitCrop(detector, await readPicture("sargent_lady_agnew.jpg"));
  // By eye: crown at 9, chin at 142, hair from 196 to 280.
  expect(crop.top).toBeLessThanOrEqual(20);
  expect(crop.top + crop.height).toBeGreaterThan(142);
  expect(crop.left).toBeLessThan(196);
  expect(crop.left + crop.width).toBeGreaterThan(280);
  expect(crop.height).toBeLessThan(200);
});

test("without a face, a wide picture gives its middle", async () => {
  expect(await findPortraitCrop(detector, blank(300, 100))).toEqual({
    crop: { left: 100, top: 0, width: 100, height: 100 },
  });
});

test("without a face, a tall picture gives its upper part", async () => {
  expect(await findPortraitCrop(detector, blank(100, 250))).toEqual({
    crop: { left: 0, top: 50, width: 100, height: 100 },
  });
});

test("options are checked before the work, and an abort is passed on", async () => {
  const picture = blank(64, 64);
  await expect(findPortraitCrop(detector, picture, { aspect: -1 })).rejects.toMatchObject({ code: "OPTION" });
  await expect(findPortraitCrop(detector, picture, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
});
