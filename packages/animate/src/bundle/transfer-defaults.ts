import type { CheckpointConfig } from "@bunraku/checkpoints";
import type { TransferOptions } from "@bunraku/motion";

type Json = Readonly<Record<string, unknown>>;

/** Keys of upstream's normalisation parameters and what they mean here. */
const flags = {
  fomm: {
    use_relative_movement: (on: boolean) => ({ movement: on ? "relative" : "absolute" }) as const,
    use_relative_jacobian: (on: boolean) => ({ relativeJacobians: on }),
    adapt_movement_scale: (on: boolean) => ({ adaptScale: on }),
  },
  "monkey-net": {
    move_location: (on: boolean) => ({ movement: on ? "relative" : "absolute" }) as const,
    movement_mult: (on: boolean) => ({ adaptScale: on }),
    clip_mean: (on: boolean) => ({ keepInside: on }),
    adapt_variance: (on: boolean) => ({ adaptCovariances: on }),
  },
} satisfies Record<string, Record<string, (on: boolean) => TransferOptions>>;

/** What `transferMotion` does when it is told nothing. */
const usual: TransferOptions = {
  movement: "relative",
  relativeJacobians: true,
  adaptScale: false,
  keepInside: false,
  adaptCovariances: false,
};

/**
 * How a configuration moves pictures, as far as that differs from `transferMotion`'s own defaults.
 *
 * @see spec 3.1, 3.2, 4.2, 4.7
 */
export function transferDefaults(config: CheckpointConfig): TransferOptions | undefined {
  const section = (config.family === "fomm" ? config.animateParams : config.transferParams) as Json | undefined;
  const params = (section?.normalization_params ?? section) as Json | undefined;
  if (typeof params !== "object" || params === null) return undefined;
  const read = Object.entries(flags[config.family]).flatMap(([key, meaning]) => {
    const value = Object.hasOwn(params, key) ? params[key] : undefined;
    return typeof value === "boolean" ? Object.entries(meaning(value)) : [];
  });
  const unusual = read.filter(([name, value]) => usual[name as keyof TransferOptions] !== value);
  return unusual.length > 0 ? (Object.fromEntries(unusual) as TransferOptions) : undefined;
}

/** What is wanted of a manifest's `transfer`, when it is something else. */
export function transferProblem(transfer: unknown): string | undefined {
  if (transfer === undefined) return undefined;
  const wanted = `an object with some of ${Object.keys(usual).join(", ")}`;
  if (typeof transfer !== "object" || transfer === null || Array.isArray(transfer)) return wanted;
  for (const [name, value] of Object.entries(transfer)) {
    if (!Object.hasOwn(usual, name)) return wanted;
    if (name === "movement" ? value !== "relative" && value !== "absolute" : typeof value !== "boolean")
      return `${wanted}; "${name}" must be ${name === "movement" ? '"relative" or "absolute"' : "true or false"}`;
  }
  return undefined;
}
