// What `bunraku animate` does for one frame, step by step and with nothing begun early: node FILE SOURCE DRIVING OUTPUT.
// Runs on what was built, as a user's program does.
import { readFile } from "node:fs/promises";

const built = (path) => import(new URL(`../../../packages/${path}`, import.meta.url).href);
const [source, driving, output] = process.argv.slice(2);

const { animate, loadModel, openBundle } = await built("animate/dist/index.js");
const { createVideoWriter, loadPicture, openVideo } = await built("media/dist/node.js");
const { createFaceDetector, findPortraitCrop, findVideoCrop, yunet } = await built("faces/dist/index.js");
const { ortNode } = await built("backends/dist/ort-node/index.js");
const { heads } = await built("model-heads/dist/index.js");

const picture = await loadPicture(source);
const video = await openVideo(driving);
const backend = await ortNode();
const model = await loadModel(backend, await openBundle(heads));
const faces = await createFaceDetector(backend, await readFile(yunet));
const range = { duration: 0.04 };
const { crop: sourceCrop } = await findPortraitCrop(faces, picture, { aspect: 1 });
const { crop: drivingCrop } = await findVideoCrop(faces, video.frames(range), { aspect: 1 });
const size = { width: sourceCrop.width & ~1, height: sourceCrop.height & ~1 };
const writer = await createVideoWriter(output, { ...size, frameRate: video.info.frameRate, overwrite: true });
for await (const frame of animate(model, picture, video.frames(range), { sourceCrop, drivingCrop, size })) {
  await writer.write(frame);
}
await writer.finish();
process.exit(0); // nothing is disposed: that is no part of a first frame
