// The same page on whatever works best: what `auto` may come to need is loaded when it does.
import { animate, loadModel } from "@bunraku/animate";
import { auto } from "@bunraku/backends/auto";

export async function run(portrait, drivingFrames, { signal, onProgress, onFrame, onWarning }) {
  await using backend = await auto({ signal, onProgress });
  for (const warning of backend.warnings) onWarning(warning);
  await using model = await loadModel(backend, "/model/", { signal, onProgress });
  for await (const frame of animate(model, portrait, drivingFrames, { signal })) onFrame(frame);
}
