/** A place in a picture, in pixels from its left and top edges; pixel i covers i to i + 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in pixels of a picture. Not whole pixels, and it may reach over the picture's edges. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A face in a picture: from the brow to the chin, without hair and ears. */
export interface Face {
  /** How sure the detector is, 0 to 1. */
  readonly score: number;
  readonly box: Box;
  /** Right and left are the person's own: the right eye is at the left of the picture. */
  readonly points: {
    readonly rightEye: Point;
    readonly leftEye: Point;
    readonly nose: Point;
    readonly rightMouth: Point;
    readonly leftMouth: Point;
  };
}

/** Intersection over union of two boxes: 0 when they do not touch, 1 when they are the same. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a.width * a.height + b.width * b.height - both);
}

/** The same face in a picture that is `factor` times larger. */
export function scaleFace({ score, box, points }: Face, factor: number): Face {
  const scaled = ({ x, y }: Point): Point => ({ x: x * factor, y: y * factor });
  return {
    score,
    box: {
      left: box.left * factor,
      top: box.top * factor,
      width: box.width * factor,
      height: box.height * factor,
    },
    points: {
      rightEye: scaled(points.rightEye),
      leftEye: scaled(points.leftEye),
      nose: scaled(points.nose),
      rightMouth: scaled(points.rightMouth),
      leftMouth: scaled(points.leftMouth),
    },
  };
}
