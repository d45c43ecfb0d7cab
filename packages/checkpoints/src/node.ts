export { openFile } from "./source/open-file.ts";
