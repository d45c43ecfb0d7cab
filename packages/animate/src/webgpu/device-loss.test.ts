import { tensor } from "@bunraku/backends";
import { compareTensors } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { expect, test } from "vitest";
import { architectureOf } from "../models/architecture.ts";
import { createModel } from "../models/create-model.ts";
import { proceduralModelWeights } from "../proof/procedural-model-weights.ts";
import { proofModels } from "../proof/proof-models.ts";
import { webgpu } from "./webgpu.ts";

const device = await testDevice();

// The smallest model there is: on a software device its shaders take a while to compile, and they are compiled twice.
test.skipIf(!device)(
  "a lost device takes no frame with it: sessions and the source are made again",
  async () => {
    await using backend = await webgpu({ software: true, prove: false, kernels: [] });
    const { modelParams, size } = proofModels.fomm;
    const architecture = architectureOf("fomm", modelParams);
    const weights = proceduralModelWeights(architecture);
    await using model = await createModel(backend, architecture, weights, { size, alignCorners: true });
    using source = await model.encode(proceduralImage(size, 0));
    const initial = await model.detect(proceduralImage(size, 1));
    const driving = await model.detect(proceduralImage(size, 2));
    const wanted = await model.render(source, driving, initial);

    backend.gpu.destroy();
    // Two frames in work, as a stream has them: both lose the source's features, which are made again once.
    const frames = await Promise.all([1, 2].map(() => model.render(source, driving, initial, { keep: true })));
    for (const { prediction } of frames) {
      const got = tensor("float32", await prediction!.read(), prediction!.dims);
      expect(compareTensors(got, wanted.prediction!).maxAbsError).toBeLessThan(1e-6);
      prediction![Symbol.dispose]();
    }
    expect(backend.memory.losses).toBe(1);
  },
  300_000,
);
