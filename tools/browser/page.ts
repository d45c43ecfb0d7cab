// Runs inside Chromium, under a strict content security policy, from sources: what the packages promise without Node.
import { animate, loadModel } from "@bunraku/animate";
import { type GoldenFile, runGolden } from "@bunraku/animate/testing";
import { reference } from "@bunraku/backends/reference";
import { blobSource, readSafetensors } from "@bunraku/checkpoints";
import { readLandmarks } from "@bunraku/keypoints/landmarks";
import { readMotionClip } from "@bunraku/motion";
import { readFlo, readKittiFlow, writeKittiFlow } from "@bunraku/warp/flow";
import { gridSampleOperator } from "@bunraku/warp/reference";

export type Outcome = Record<string, { pass: boolean; detail: string }>;

async function goldens(): Promise<{ pass: boolean; detail: string }> {
  let rows = 0;
  let worst = 0;
  for (const name of ["fomm_tiny", "monkey_tiny"]) {
    const golden = (await (await fetch(`/fixtures/golden/${name}.json`)).json()) as GoldenFile;
    await using backend = await reference({ operators: [gridSampleOperator] });
    for await (const row of runGolden(backend, golden)) {
      if (!row.pass) return { pass: false, detail: `${name} ${JSON.stringify(row)}` };
      rows++;
      worst = Math.max(worst, row.maxAbsError / row.tolerance);
    }
  }
  return { pass: rows > 80, detail: `${rows} fields, at most ${(100 * worst).toFixed(0)} % of their tolerance` };
}

/** Recorded motion, flow files and landmarks: readers that promise to run in browsers. */
async function files(): Promise<{ pass: boolean; detail: string }> {
  const bytes = async (path: string) => new Uint8Array(await (await fetch(`/fixtures/${path}`)).arrayBuffer());
  const clip = readMotionClip(await bytes("motion-clips/nod.bkmotion"));
  const kitti = await readKittiFlow(await bytes("flow/kitti-filters.png"));
  const again = await readKittiFlow(await writeKittiFlow(kitti.flow, { valid: kitti.valid }));
  const flo = readFlo(await bytes("flow/small.flo"));
  const face = readLandmarks(
    [
      [0, 0],
      [63, 0],
      [32, 32],
      [0, 63],
      [63, 63],
    ],
    {
      layout: "face5",
      size: { width: 64, height: 64 },
    },
  );
  const same = again.flow.data.every((value, i) => Object.is(value, kitti.flow.data[i]));
  const pass = clip.frames.length > 10 && same && flo.flow.data.length > 0 && face.points.data[2] === 1;
  return {
    pass,
    detail: `${clip.frames.length} frames of motion, flows of ${kitti.flow.dims.join(" × ")} and ${flo.flow.dims.join(" × ")}`,
  };
}

/** The mean colour and a checksum of one animated frame of the default model; Node computes the same. */
async function frame(): Promise<{ pass: boolean; detail: string }> {
  await using backend = await reference({ operators: [gridSampleOperator] });
  await using model = await loadModel(backend, new URL("/model/", location.href));
  const source = await pixels("/samples/portraits/head_07.png");
  const driving = [await pixels("/samples/portraits/head_01.png"), source];
  const means: number[] = [];
  for await (const { data } of animate(model, source, driving, { render: "hybrid" })) {
    means.push(data.reduce((sum, byte) => sum + byte, 0) / data.length);
  }
  return { pass: means.length === 2 && means.every(Number.isFinite), detail: JSON.stringify(means) };
}

async function pixels(url: string): Promise<ImageData> {
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

async function blob(): Promise<{ pass: boolean; detail: string }> {
  const file = await (await fetch("/model/weights.safetensors")).blob();
  const { entries } = await readSafetensors(blobSource(file, "weights.safetensors"));
  return { pass: entries.length === 172, detail: `${entries.length} tensors listed` };
}

const outcome: Outcome = {};
for (const [name, run] of Object.entries({ goldens, files, frame, blob })) {
  outcome[name] = await run().catch((error: Error) => ({ pass: false, detail: error.stack ?? error.message }));
}
(globalThis as { outcome?: Outcome }).outcome = outcome;
