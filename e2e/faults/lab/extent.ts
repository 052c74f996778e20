/** `RAYWIRE_LONG=1`: everything is tried, not a sample. */
export const isLong: boolean = process.env.RAYWIRE_LONG === '1';
