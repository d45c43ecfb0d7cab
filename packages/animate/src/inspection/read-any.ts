import { type ByteSource, isSafetensors, readCheckpoint, readSafetensors, type StateDict } from "@bunraku/checkpoints";
import { byModule, type ModuleTensors } from "./module-tensors.ts";

/** A file of weights, opened. */
export interface OpenedWeights {
  readonly container: "zip" | "legacy" | "safetensors";
  readonly topLevel: readonly string[];
  readonly scalars: Readonly<Record<string, number | string | boolean>>;
  readonly modules: ModuleTensors<StateDict[number]>;
}

/** Lists a file that torch.save wrote, or safetensors, told by its first bytes. @throws `MODEL`, `UNSUPPORTED`, `FILE` */
export async function readAny(source: ByteSource, signal: AbortSignal | undefined): Promise<OpenedWeights> {
  if (await isSafetensors(source)) {
    const { entries, metadata } = await readSafetensors(source);
    const modules = byModule(new Map([["", entries]]));
    return {
      container: "safetensors",
      topLevel: [...modules.keys()].filter((name) => name !== ""),
      scalars: Object.fromEntries(metadata),
      modules,
    };
  }
  const { container, topLevel, scalars, modules } = await readCheckpoint(source, signal ? { signal } : {});
  return { container, topLevel, scalars: Object.fromEntries(scalars), modules: byModule(modules) };
}
