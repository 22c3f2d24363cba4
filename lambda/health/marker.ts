/**
 * What Route 53 looks for in the first 5,120 bytes of a healthy answer (M2): the health function writes it only after it has
 * read and validated this region's trading data.
 */
export const TRADING_DATA_MARKER = 'VALID_TRADING_DATA';
