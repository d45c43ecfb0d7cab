// The same page on WebGPU, with every kernel there is.
import { animate, loadModel } from "@bunraku/animate";
import { webgpu } from "@bunraku/backends/webgpu";
import { keypointKernels } from "@bunraku/keypoints/webgpu";
import { motionKernels } from "@bunraku/motion/webgpu";
import { warpKernels } from "@bunraku/warp/webgpu";

export async function run(portrait, drivingFrames, { signal, onProgress, onFrame, onWarning }) {
  const kernels = [...warpKernels, ...keypointKernels, ...motionKernels];
  await using backend = await webgpu({ kernels, precision: "float16", signal, onProgress });
  for (const warning of backend.warnings) onWarning(warning);
  await using model = await loadModel(backend, "/model/", { signal, onProgress });
  for await (const frame of animate(model, portrait, drivingFrames, { signal })) onFrame(frame);
}
