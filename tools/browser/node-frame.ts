// The frame that page.ts makes in the browser, made by Node on onnxruntime: prints the mean byte of each frame.
import { animate, loadModel } from "@bunraku/animate";
import { ortNode } from "@bunraku/backends/ort-node";
import { loadPicture } from "@bunraku/media/node";

await using backend = await ortNode();
await using model = await loadModel(backend, "packages/model-heads/files");
const source = await loadPicture("samples/portraits/head_07.png");
const driving = [await loadPicture("samples/portraits/head_01.png"), source];
const means: number[] = [];
for await (const { data } of animate(model, source, driving, { render: "hybrid" })) {
  means.push(data.reduce((sum, byte) => sum + byte, 0) / data.length);
}
console.log(JSON.stringify(means));
