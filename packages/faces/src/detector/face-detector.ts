import { type Backend, BunrakuError, type Session } from "@bunraku/backends";
import { type Crop, expectPicture, type Picture } from "@bunraku/warp";
import { decodeFaces, strides } from "./decode-faces.ts";
import { type Face, scaleFace } from "./face.ts";
import { drawLetterbox, letterboxOf } from "./letterbox.ts";
import { shrinkPicture } from "./shrink-picture.ts";
import { suppressOverlaps } from "./suppress-overlaps.ts";
import { cutByTile, tilesOf } from "./tiles.ts";
import { yunetAt } from "./yunet-graph.ts";

export interface FaceDetectorOptions {
  /** Side of the square that pictures are shrunk to, in pixels: a multiple of 32. @default 320 */
  readonly size?: number;
}

export interface DetectOptions {
  /** Faces of a lower score are left out. @default 0.6 */
  readonly minScore?: number;
  readonly signal?: AbortSignal;
}

/** Finds faces. Owns a session of the backend it was made on; dispose it. */
export interface FaceDetector extends AsyncDisposable {
  /**
   * The faces of a picture, the largest and surest (score · area) first.
   *
   * Looks at the whole picture; finding nothing in a large one, it looks again at overlapping tiles of half, then of a
   * quarter of its longer side.
   *
   * @param picture Borrowed. Alpha is ignored.
   * @throws `SHAPE`, `DISPOSED`, `signal.reason`
   */
  detect(picture: Picture, options?: DetectOptions): Promise<Face[]>;
}

// Boxes that overlap more are one face; OpenCV's YuNet takes the same.
const mostOverlap = 0.3;

/**
 * A face detector: YuNet (75 000 weights) and what surrounds it.
 *
 * @param backend Borrowed; must outlive the detector.
 * @param model The bytes of `yunet`. Borrowed.
 * @throws `MODEL` for another file, `OPTION`
 * @example await using detector = await createFaceDetector(backend, await readFile(yunet));
 */
export async function createFaceDetector(
  backend: Backend,
  model: Uint8Array,
  { size = 320 }: FaceDetectorOptions = {},
): Promise<FaceDetector> {
  if (!Number.isInteger(size) || size < 64 || size % 32 !== 0) {
    throw new BunrakuError("OPTION", `face detector: size must be a multiple of 32 from 64 on, got ${size}.`);
  }
  return new YunetDetector(await backend.load(yunetAt(size, model)), size);
}

class YunetDetector implements FaceDetector {
  #session: Session;
  #size: number;

  constructor(session: Session, size: number) {
    this.#session = session;
    this.#size = size;
  }

  async detect(picture: Picture, { minScore = 0.6, signal }: DetectOptions = {}): Promise<Face[]> {
    signal?.throwIfAborted();
    expectPicture(picture, "detect picture");
    const longer = Math.max(picture.width, picture.height);
    const shorter = Math.min(picture.width, picture.height);
    // Twice the needed size is as good as all pixels, and many times quicker to read.
    const factorFor = (side: number) => Math.max(1, Math.min(shorter, Math.floor(longer / (2 * side))));
    const factor = factorFor(this.#size);
    const whole = shrinkPicture(picture, factor);
    const all = { left: 0, top: 0, width: whole.width, height: whole.height };
    const faces = (await this.#look(whole, all, minScore, signal)).map((face) => scaleFace(face, factor));
    for (const parts of [2, 4]) {
      if (faces.length > 0 || longer / parts < this.#size) break; // enlarging shows nothing new
      const tileFactor = factorFor(parts * this.#size);
      const shrunk = shrinkPicture(picture, tileFactor);
      for (const tile of tilesOf(shrunk, Math.ceil(Math.max(shrunk.width, shrunk.height) / parts))) {
        for (const face of await this.#look(shrunk, tile, minScore, signal)) {
          if (!cutByTile(face.box, tile, shrunk)) faces.push(scaleFace(face, tileFactor));
        }
      }
    }
    return suppressOverlaps(faces, mostOverlap).sort((a, b) => weightOf(b) - weightOf(a));
  }

  async #look(picture: Picture, region: Crop, minScore: number, signal: AbortSignal | undefined): Promise<Face[]> {
    const place = letterboxOf(region, this.#size);
    using input = drawLetterbox(picture, place);
    const maps = await this.#session.run({ input }, signal ? { signal } : {});
    try {
      const read = (kind: string, stride: number) => maps[`${kind}_${stride}`]!.read() as Promise<Float32Array>;
      const faces: Face[] = [];
      for (const stride of strides) {
        const [cls, obj, bbox, kps] = await Promise.all(
          ["cls", "obj", "bbox", "kps"].map((kind) => read(kind, stride)),
        );
        faces.push(...decodeFaces({ stride, cls: cls!, obj: obj!, bbox: bbox!, kps: kps! }, place, minScore));
      }
      return suppressOverlaps(faces, mostOverlap);
    } finally {
      for (const map of Object.values(maps)) map[Symbol.dispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}

function weightOf({ score, box }: Face): number {
  return score * box.width * box.height;
}
