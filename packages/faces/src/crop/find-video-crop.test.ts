import type { Picture } from "@bunraku/warp";
import { describe, expect, test } from "vitest";
import type { Face } from "../detector/face.ts";
import { blank } from "../testing-pictures/read-picture.ts";
import { findVideoCrop } from "./find-video-crop.ts";

const nowhere = { x: 0, y: 0 };
const points = { rightEye: nowhere, leftEye: nowhere, nose: nowhere, rightMouth: nowhere, leftMouth: nowhere };

/** A square face of `size` around (x, y). */
function faceAt(x: number, y: number, size = 48): Face {
  return { score: 0.9, box: { left: x - size / 2, top: y - size / 2, width: size, height: size }, points };
}

/** A detector that sees the given faces, one list per look. */
function seeing(...looks: Face[][]) {
  const pictures: Picture[] = [];
  return {
    pictures,
    detect: async (picture: Picture) => {
      pictures.push(picture);
      return looks[pictures.length - 1] ?? [];
    },
  };
}

function frames(count: number, width = 1000, height = 600): Picture[] {
  return Array.from({ length: count }, () => blank(width, height));
}

test("a head that stays gets the crop of its picture", async () => {
  const face = faceAt(500, 300);
  expect(await findVideoCrop(seeing([face], [face], [face]), frames(3), { every: 1 })).toEqual({
    crop: { left: 450, top: 250, width: 100, height: 100 },
    face,
  });
});

test("one strange look does not move the crop", async () => {
  const looks = [300, 300, 308, 300, 300].map((y) => [faceAt(500, y)]);
  const { crop } = await findVideoCrop(seeing(...looks), frames(5), { every: 1 });
  expect(crop).toEqual({ left: 450, top: 250, width: 100, height: 100 });
});

test("the crop grows until a moving head stays inside, with room for hair", async () => {
  const looks = [400, 440, 480, 520].map((x) => [faceAt(x, 300)]);
  const { crop } = await findVideoCrop(seeing(...looks), frames(4), { every: 1 });
  expect(crop.left).toBeLessThanOrEqual(400 - 24 - 12);
  expect(crop.left + crop.width).toBeGreaterThanOrEqual(520 + 24 + 12);
  expect(crop.width).toBe(crop.height);
  expect(crop.width).toBeLessThan(200);
});

test("of two people the first frame's larger one is followed, whoever is larger later", async () => {
  const looks = [
    [faceAt(200, 300, 48), faceAt(800, 300, 40)],
    [faceAt(800, 300, 60), faceAt(205, 300, 48)],
    [faceAt(800, 300, 60)],
  ];
  const { crop } = await findVideoCrop(seeing(...looks), frames(3), { every: 1 });
  expect(crop).toEqual({ left: 153, top: 250, width: 100, height: 100 });
});

test("a face that comes late counts", async () => {
  const { crop, face } = await findVideoCrop(seeing([], [faceAt(500, 300)]), frames(2), { every: 1 });
  expect(crop.left).toBe(450);
  expect(face).toBeDefined();
});

test("without a face the crop is the one of a picture without a face", async () => {
  expect(await findVideoCrop(seeing(), frames(2, 100, 250))).toEqual({
    crop: { left: 0, top: 50, width: 100, height: 100 },
  });
});

test("looks at each tenth frame, from an async iterable too", async () => {
  const all = frames(25, 20, 20);
  const detector = seeing();
  await findVideoCrop(
    detector,
    (async function* () {
      yield* all;
    })(),
  );
  expect(detector.pictures).toEqual([all[0], all[10], all[20]]);
});

describe("refuses", () => {
  test("no frames", async () => {
    await expect(findVideoCrop(seeing(), [])).rejects.toMatchObject({ code: "OPTION" });
  });

  test("frames of two sizes", async () => {
    const two = [blank(20, 20), blank(30, 20)];
    await expect(findVideoCrop(seeing(), two, { every: 1 })).rejects.toThrow("frames must be 20 × 20 as the first");
  });

  test("every that is no count", async () => {
    await expect(findVideoCrop(seeing(), frames(1), { every: 0 })).rejects.toMatchObject({ code: "OPTION" });
  });
});
