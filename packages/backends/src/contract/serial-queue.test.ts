import { expect, test } from "vitest";
import { SerialQueue } from "./serial-queue.ts";

const tick = (milliseconds = 1) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("jobs run in call order and never overlap", async () => {
  const queue = new SerialQueue();
  const log: string[] = [];
  const job = (name: string) => async () => {
    log.push(`${name} begins`);
    await tick();
    log.push(`${name} ends`);
  };
  await Promise.all([queue.add(job("a")), queue.add(job("b"))]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  expect(queue.pending).toBe(0);
});

test("a job that throws does not stop the next", async () => {
  const queue = new SerialQueue();
  const bad = queue.add(() => Promise.reject(new Error("no")));
  const good = queue.add(() => 7);
  await expect(bad).rejects.toThrow("no");
  await expect(good).resolves.toBe(7);
});

test("an abort takes a waiting job out at once", async () => {
  const queue = new SerialQueue();
  const first = queue.add(() => tick(50));
  const controller = new AbortController();
  let ran = false;
  const second = queue.add(() => {
    ran = true;
  }, controller.signal);
  controller.abort(new Error("stop"));
  await expect(second).rejects.toThrow("stop");
  await first;
  await queue.idle();
  expect(ran).toBe(false);
});

test("an abort while a job runs lets it finish, frees its result and rejects", async () => {
  const queue = new SerialQueue();
  const controller = new AbortController();
  let freed = 0;
  const running = queue.add(async () => {
    await tick(5);
    return { output: { [Symbol.dispose]: () => freed++ } };
  }, controller.signal);
  await tick();
  controller.abort(new Error("stop"));
  await expect(running).rejects.toThrow("stop");
  expect(freed).toBe(1);
});

test("a signal that fired before is honoured", async () => {
  const queue = new SerialQueue();
  await expect(queue.add(() => 1, AbortSignal.abort(new Error("early")))).rejects.toThrow("early");
});
