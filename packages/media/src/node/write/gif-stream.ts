import { type GifPalette, hasHoles, makePalette, TRANSPARENT } from "./gif-palette.ts";
import { GIFEncoder } from "./gifenc.ts";

/** Bytes of a GIF, piece by piece. Each piece is lent until the next call. */
export interface GifStream {
  /** Chooses the first palette; call once, before `frame()`. */
  learn(frames: readonly Uint8ClampedArray[]): void;
  /** @param delay Hundredths of a second. */
  frame(rgba: Uint8ClampedArray, delay: number): Uint8Array<ArrayBuffer>;
  end(): Uint8Array<ArrayBuffer>;
}

const KEEP = 1;
const CLEAR = 2;

/**
 * A GIF in pieces, so that its length costs no memory.
 *
 * One palette serves until the colours drift away from it; then a frame brings a new one. In opaque animations, pixels
 * that did not change are left transparent over the frame before, which is what makes still backgrounds small. Whether
 * an animation is transparent is decided by the frames it learns from.
 */
export function openGifStream(width: number, height: number): GifStream {
  const gif = GIFEncoder({ auto: false });
  let palette: GifPalette | undefined;
  /** Set once the palette is no longer the global one. */
  let local: GifPalette | undefined;
  let transparent = false;
  let previous: Uint8Array | undefined;
  let first = true;

  return {
    learn(frames) {
      palette = makePalette(frames);
      transparent = frames.some(hasHoles);
    },
    frame(rgba, delay) {
      if (!palette) throw new Error("the palette was not learned yet");
      // Far more error than it was made with: the scene has changed. Below 8 levels nobody sees it.
      const drifted = !first && palette.errorOf(rgba) > Math.max(3 * palette.error, 64);
      if (drifted) {
        palette = makePalette([rgba]);
        local = palette;
        previous = undefined;
      }
      const index = palette.map(rgba, width);
      let shown = index;
      if (!transparent) {
        if (previous) {
          shown = index.slice();
          for (let i = 0; i < shown.length; i++) if (previous[i] === index[i]) shown[i] = TRANSPARENT;
        }
        previous = index;
      }
      gif.stream.reset();
      if (first) gif.writeHeader();
      gif.writeFrame(shown, width, height, {
        first,
        palette: first ? palette.colours : (local?.colours ?? null),
        delay: delay * 10,
        repeat: 0,
        transparent: true,
        transparentIndex: TRANSPARENT,
        dispose: transparent ? CLEAR : KEEP,
      });
      first = false;
      return gif.bytesView();
    },
    end() {
      gif.stream.reset();
      gif.finish();
      return gif.bytesView();
    },
  };
}
