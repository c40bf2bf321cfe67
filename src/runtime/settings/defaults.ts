/** Default number of concurrent tasks in a folder. */
export const MAX_PARALLEL = 2;
