import type { Face, Point } from "./face.ts";
import type { Letterbox } from "./letterbox.ts";

/** Pixels per cell of YuNet's three levels. */
export const strides = [8, 16, 32] as const;

/** What YuNet says about the cells of one level, each map row-major. */
export interface LevelMaps {
  readonly stride: number;
  /** `[1, cells, cells]`, 0 to 1: whether it is a face. */
  readonly cls: Float32Array;
  /** `[1, cells, cells]`, 0 to 1: whether this cell is the one to say so. */
  readonly obj: Float32Array;
  /** `[4, cells, cells]`: centre from the cell's corner in strides, logarithm of the size in strides. */
  readonly bbox: Float32Array;
  /** `[10, cells, cells]`: five points from the cell's corner in strides. */
  readonly kps: Float32Array;
}

/**
 * The faces that one level of YuNet sees, in pixels of the picture.
 *
 * The score is the product of both maps, as in training's evaluation (OpenCV shows its square root).
 *
 * @see libfacedetection.train, `yunet_head.py`: `_bbox_decode`, `_kps_decode`
 */
export function decodeFaces(maps: LevelMaps, place: Letterbox, minScore: number): Face[] {
  const { stride, cls, obj, bbox, kps } = maps;
  const cells = place.size / stride;
  const plane = cells * cells;
  const faces: Face[] = [];
  for (let cell = 0; cell < plane; cell++) {
    const score = cls[cell]! * obj[cell]!;
    if (!(score >= minScore)) continue;
    const column = cell % cells;
    const row = (cell - column) / cells;
    const toPicture = (x: number, y: number): Point => ({
      x: ((column + x) * stride - place.padX) * place.scaleX + place.originX,
      y: ((row + y) * stride - place.padY) * place.scaleY + place.originY,
    });
    const point = (index: number) => toPicture(kps[2 * index * plane + cell]!, kps[(2 * index + 1) * plane + cell]!);
    const centre = toPicture(bbox[cell]!, bbox[plane + cell]!);
    const width = Math.exp(bbox[2 * plane + cell]!) * stride * place.scaleX;
    const height = Math.exp(bbox[3 * plane + cell]!) * stride * place.scaleY;
    faces.push({
      score,
      box: { left: centre.x - width / 2, top: centre.y - height / 2, width, height },
      points: {
        rightEye: point(0),
        leftEye: point(1),
        nose: point(2),
        rightMouth: point(3),
        leftMouth: point(4),
      },
    });
  }
  return faces;
}
