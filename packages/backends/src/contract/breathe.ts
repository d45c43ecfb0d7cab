/**
 * Lets the event loop handle what has come in: timers, frames, messages.
 *
 * A message and not a timer where possible: browsers stretch nested timers to 4 ms, and to 1 s in hidden tabs.
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close(); // an open port keeps Node alive
      resolve();
    };
    port2.postMessage(undefined);
  });
}
