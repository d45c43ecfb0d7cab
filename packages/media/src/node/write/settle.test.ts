import { expect, test } from "vitest";
import { settle } from "./settle.ts";

const refusing = (code: string) => ({
  sync: async () => {
    throw Object.assign(new Error(`${code}: said so, fsync`), { code });
  },
});

test.each(["ENOSPC", "EDQUOT", "EFBIG", "EIO"])("%s is heard: the bytes are not on the disk", async (code) => {
  await expect(settle(refusing(code))).rejects.toMatchObject({ code });
});

test.each(["EINVAL", "ENOTSUP", "ENOSYS"])("%s says that the file system cannot be asked", async (code) => {
  await expect(settle(refusing(code))).resolves.toBeUndefined();
});
