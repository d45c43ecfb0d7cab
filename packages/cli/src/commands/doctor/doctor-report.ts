import type { Candidate, Check, DeviceDescription, Warning } from "@bunraku/backends";

/** What `bunraku doctor --json` prints. Keys stay; new ones may come. Absent is what is not known. */
export interface DoctorReport {
  /** Of this command. */
  readonly version: string;
  readonly node: string;
  readonly system: SystemFacts;
  readonly backends: readonly BackendDiagnosis[];
  /** What `--backend auto` would take; absent where one backend was asked for. */
  readonly auto?: AutoDiagnosis;
  readonly codecs: readonly CodecDiagnosis[];
  readonly model: ModelDiagnosis;
  /** Whether any backend works. */
  readonly works: boolean;
}

export interface SystemFacts {
  /** "linux 6.1.0 x64" */
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

/** One backend, as it was when it ran in a process of its own. */
export interface BackendDiagnosis {
  readonly name: string;
  /** Whether it can be made here. */
  readonly available: boolean;
  /** Whether it gave right numbers, too. */
  readonly works: boolean;
  /** Why it is not available, or did not end its checks, and what to do. */
  readonly problem?: string;
  readonly runtime?: string;
  readonly providers?: readonly string[];
  readonly threads?: number;
  readonly device?: DeviceDescription;
  readonly precision?: "float32" | "float16";
  readonly warnings: readonly Warning[];
  readonly checks: {
    readonly passed: number;
    /** `maxAbsError` is null where there was no number. */
    readonly failed: readonly Check[];
    readonly milliseconds: number;
  };
}

export interface AutoDiagnosis {
  readonly chosen?: string;
  readonly candidates: readonly Candidate[];
  readonly problem?: string;
}

/** Who can read and write videos. */
export interface CodecDiagnosis {
  readonly name: "node-av" | "ffmpeg";
  readonly available: boolean;
  readonly problem?: string;
  readonly version?: string;
  /** Of those that bunraku uses. */
  readonly encoders: readonly string[];
  readonly decoders: readonly string[];
}

/** The model that is used where none is named. */
export interface ModelDiagnosis {
  readonly available: boolean;
  readonly name?: string;
  readonly problem?: string;
}
