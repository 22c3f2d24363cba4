/** The name that the canaries' script goes by among the functions. */
export const CANARY = 'canary';
