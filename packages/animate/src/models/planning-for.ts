// A file of its own: whoever imports it when it is needed fetches this, and not all that stands beside it.
export { planningFor } from "@bunraku/backends/plan";
