/** Where workers that onnxruntime makes for its threads are announced, by name. */
export const announcements = "bunraku: threads of onnxruntime";

/** Tells of every worker that this thread makes from now on: an independent count of threads. */
export function announceThreads(): void {
  const channel = new BroadcastChannel(announcements);
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      channel.postMessage(options?.name);
    }
  };
}

/** Counts the threads that are made while `body` runs, anywhere on this origin. */
export async function countThreads(body: () => Promise<void>): Promise<number> {
  const channel = new BroadcastChannel(announcements);
  const names: unknown[] = [];
  channel.onmessage = ({ data }) => names.push(data);
  await body();
  await new Promise((resolve) => setTimeout(resolve, 50)); // messages take a moment
  channel.close();
  return names.filter((name) => name === "em-pthread").length;
}
