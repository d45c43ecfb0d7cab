/**
 * What went wrong, for programs.
 *
 * - `SHAPE`: a tensor's dims or type are not what the call needs.
 * - `NOT_ON_CPU`: data was asked of a tensor that lives on a device; use `read()`.
 * - `BACKEND_MISSING`: an optional package is not installed.
 * - `BACKEND_UNAVAILABLE`: it is installed and cannot run here.
 * - `DEVICE_LOST`: what lived on a GPU is gone with its device; make it again.
 * - `MODEL`: a checkpoint, configuration, bundle or graph is damaged or does not fit.
 * - `MEMORY`: there is not enough memory, on the CPU or a GPU; what asked for it can be used on with less.
 * - `MEDIA`: a picture or video cannot be read or written.
 * - `FILE`: a file is missing, unreadable or cannot be written.
 * - `OPTION`: an argument is out of range.
 * - `MOTION`: keypoints or jacobians cannot be used (not finite, singular).
 * - `DISPOSED`: used after disposal.
 * - `UNSUPPORTED`: understood, and not something this version can do.
 */
export type ErrorCode =
  | "SHAPE"
  | "NOT_ON_CPU"
  | "BACKEND_MISSING"
  | "BACKEND_UNAVAILABLE"
  | "DEVICE_LOST"
  | "MODEL"
  | "MEMORY"
  | "MEDIA"
  | "FILE"
  | "OPTION"
  | "MOTION"
  | "DISPOSED"
  | "UNSUPPORTED";

const marker = Symbol.for("bunraku.error");

/**
 * The one error class of bunraku: a code for programs, a sentence for people.
 *
 * The message says what was being done, what was wanted, what came, and the way out if there is one.
 * An abort is never wrapped: it throws `signal.reason` as it is.
 */
export class BunrakuError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "BunrakuError";
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether `value` is a BunrakuError (of that code, if one is given), also one from another copy of this package. */
  static is(value: unknown, code?: ErrorCode): value is BunrakuError {
    return (
      typeof value === "object" &&
      value !== null &&
      marker in value &&
      (code === undefined || (value as { code?: unknown }).code === code)
    );
  }
}

/** What a user should hear although nothing failed. Returned as data; printing it is someone else's job. */
export interface Warning {
  /** Stable name, for programs: "worker-unavailable", "hull-degenerate", … */
  readonly type: string;
  /** One sentence, for people. */
  readonly message: string;
}
