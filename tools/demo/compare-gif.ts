import { createVideoWriter, loadPicture, openVideo } from "@bunraku/media/node";
import { type Crop, createPictureResizer, imageToPicture, type Picture } from "@bunraku/warp";
import type { AnimateReport } from "bunraku";

const side = 192; // pixels; three of them make a GIF that loads fast

/** Writes source, driving and result side by side, as a GIF with the driving video's times. */
export async function compareGif(
  path: string,
  {
    source,
    driving,
    result,
    report,
    signal,
    overwrite,
  }: {
    source: string;
    driving: string;
    result: string;
    report: AnimateReport;
    signal: AbortSignal;
    overwrite: boolean;
  },
): Promise<void> {
  const still = await loadPicture(source, { signal });
  await using driver = await openVideo(driving, { signal });
  await using moved = await openVideo(result, { signal });
  const tile = (from: { width: number; height: number }, crop?: Crop) => {
    const resize = createPictureResizer(from, { height: side, width: side }, crop);
    return (picture: Picture) => imageToPicture(resize(picture));
  };
  const left = tile(still, report.sourceCrop)(still);
  const middle = tile(driver.info, report.drivingCrop);
  const right = tile(moved.info);
  await using writer = await createVideoWriter(path, { width: 3 * side, height: side, overwrite, signal });
  const frames = driver.frames({ signal });
  for await (const frame of moved.frames({ signal })) {
    const { value: drivingFrame, done } = await frames.next();
    if (done) break;
    const picture = beside([left, middle(drivingFrame), right(frame)]);
    await writer.write({ ...picture, timestamp: frame.timestamp, duration: frame.duration });
  }
  await frames.return();
  await writer.finish();
}

function beside(tiles: readonly Picture[]): { width: number; height: number; data: Uint8ClampedArray } {
  const width = tiles.length * side;
  const data = new Uint8ClampedArray(width * side * 4);
  for (const [i, tile] of tiles.entries()) {
    for (let y = 0; y < side; y++)
      data.set(tile.data.subarray(y * side * 4, (y + 1) * side * 4), (y * width + i * side) * 4);
  }
  return { width, height: side, data };
}
