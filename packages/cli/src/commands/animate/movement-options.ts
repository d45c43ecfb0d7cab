import type { AnimateOptions, Model, RenderMode } from "@bunraku/animate";
import { BunrakuError } from "@bunraku/backends";
import type { MotionOrder } from "@bunraku/motion";
import type { DrivingChoice } from "./open-driving.ts";

/** What a user may say of how a picture moves. */
export interface MovementChoice extends DrivingChoice {
  readonly absolute?: boolean;
  readonly relative?: boolean;
  readonly adaptScale?: boolean;
  readonly keepInside?: boolean;
  readonly adaptCovariances?: boolean;
  readonly order?: MotionOrder;
  readonly stiffness?: number;
  readonly gain?: number;
  readonly limit?: number;
  readonly freeze?: readonly number[];
  readonly render?: RenderMode;
}

/** Checks what can be told before the model is loaded. @throws `OPTION` */
export function checkMovement({ absolute, bestFrame, order, stiffness }: MovementChoice): void {
  if (absolute && bestFrame !== undefined)
    throw new BunrakuError(
      "OPTION",
      "--best-frame is where relative movement starts from, and --absolute has no start. Leave one of them out.",
    );
  if (stiffness !== undefined && order !== "spline")
    throw new BunrakuError("OPTION", "--stiffness belongs to --order spline.");
}

/** Checks what depends on the model, rather than doing nothing. @throws `OPTION` */
export function checkMovementOfModel(
  { relative, bestFrame, adaptCovariances }: MovementChoice,
  { family, transfer }: Pick<Model, "family" | "transfer">,
  name: string,
): void {
  if (bestFrame !== undefined && !relative && transfer.movement === "absolute") {
    throw new BunrakuError(
      "OPTION",
      `--best-frame is where relative movement starts from, and the configuration of ${name} asks for absolute movement. Add --relative.`,
    );
  }
  if (adaptCovariances && family !== "monkey-net") {
    throw new BunrakuError(
      "OPTION",
      `--adapt-covariances is for Monkey-Net; ${name} is a first-order model, whose keypoints have no covariances.`,
    );
  }
}

/** The options of `animate` that a user's choice comes to. What is not chosen is the model's to say. */
export function movementOptions(choice: MovementChoice): AnimateOptions {
  const { absolute, relative, smooth, adaptScale = true } = choice;
  const { keepInside, adaptCovariances, order, stiffness, gain, limit, freeze, render, background } = choice;
  return {
    adaptScale,
    ...((absolute || relative) && { movement: absolute ? "absolute" : "relative" }),
    ...(smooth === "live" && { smoothing: true }),
    ...defined({ keepInside, adaptCovariances, order, stiffness, gain, limit, freeze, render, background }),
  };
}

type Defined<T> = { [name in keyof T]?: Exclude<T[name], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
