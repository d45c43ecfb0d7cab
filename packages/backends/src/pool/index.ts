export { backendPool } from "./backend-pool.ts";
