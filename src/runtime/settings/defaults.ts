/** Tasks that run at once in a folder if no setting says otherwise. */
export const MAX_PARALLEL = 2;
