import { BunrakuError } from "@bunraku/backends";

/** The code and message that a call is refused with. Fails when it is not refused, or by another error. */
export async function refusal(call: () => unknown): Promise<string> {
  let result: unknown;
  try {
    result = await call();
  } catch (error) {
    if (BunrakuError.is(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error(`Wanted a refusal, got ${String(result)}.`);
}
