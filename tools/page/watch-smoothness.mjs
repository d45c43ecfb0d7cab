// Runs in the page: measures, from now on, how long its thread was busy at a time.
export function watchSmoothness() {
  let longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: "longtask" });
  globalThis.longestBusy = () => longest;
}
