// A page that animates a picture on WebAssembly, as far as bunraku goes: what `pnpm size` weighs.
import { animate, loadModel } from "@bunraku/animate";
import { ortWeb } from "@bunraku/backends/ort-web";

export async function run(portrait, drivingFrames, { signal, onProgress, onFrame, onWarning }) {
  await using backend = await ortWeb({ threads: 4, wasm: "/ort/ort-wasm-simd-threaded.wasm" });
  for (const warning of backend.warnings) onWarning(warning);
  await using model = await loadModel(backend, "/model/", { signal, onProgress });
  for await (const frame of animate(model, portrait, drivingFrames, { signal })) onFrame(frame);
}
