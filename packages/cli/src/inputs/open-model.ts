import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { type ModelBundle, openBundle, openCheckpoint, type Variant } from "@bunraku/animate";
import { BunrakuError } from "@bunraku/backends";
import { type CheckpointConfig, officialConfig, parseConfig } from "@bunraku/checkpoints";
import { openFile } from "@bunraku/checkpoints/node";
import { expectFile } from "./expect-file.ts";
import { readText } from "./read-text.ts";

export interface ModelChoice {
  readonly model?: string;
  readonly checkpoint?: string;
  readonly config?: string;
  readonly alignCorners?: boolean;
  /** Another form of the bundle's weights. */
  readonly variant?: Variant;
}

/**
 * Opens the model a command was asked to use: a bundle, an official checkpoint with its configuration, or the default.
 *
 * @returns The bundle, and what to close when its weights have been loaded.
 */
export async function openModel(
  { model, checkpoint, config, alignCorners, variant }: ModelChoice,
  signal: AbortSignal,
): Promise<{ bundle: ModelBundle } & AsyncDisposable> {
  if (model !== undefined && checkpoint !== undefined) {
    throw new BunrakuError(
      "OPTION",
      "--model and --checkpoint exclude each other: give a bundle, or a checkpoint with its --config.",
    );
  }
  if (config !== undefined && checkpoint === undefined)
    throw new BunrakuError("OPTION", "--config belongs to --checkpoint: the .pth.tar that was trained with it.");
  if (checkpoint === undefined) {
    const location = model ?? (await import("@bunraku/model-heads")).heads;
    const bundle = await openBundle(location, { signal, ...(variant && { variant }) });
    return { bundle, [Symbol.asyncDispose]: async () => undefined };
  }
  if (variant !== undefined) {
    const message =
      "--variant belongs to bundles. Make one of the checkpoint with bunraku convert, then bunraku quantize.";
    throw new BunrakuError("OPTION", message);
  }
  const chosen = config === undefined ? undefined : await readConfig(config);
  await expectFile(checkpoint);
  const file = await openFile(checkpoint);
  try {
    return {
      bundle: await openCheckpoint(file, chosen, { signal, ...(alignCorners !== undefined && { alignCorners }) }),
      [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
    };
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * A configuration: a yaml file, or an official one by its name.
 *
 * @throws `FILE`, `MODEL`; `OPTION` with the names there are
 */
export async function readConfig(config: string): Promise<CheckpointConfig> {
  const isName = !/[\\/.]/.test(config);
  const isFile = await stat(config).then(
    () => true,
    () => false,
  );
  return isName && !isFile ? officialConfig(config) : parseConfig(await readText(config), basename(config));
}
