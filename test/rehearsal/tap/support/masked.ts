/**
 * A transcript without what differs between two runs of the same story: ids, times of day and durations, each by its kind. The
 * words are compared to the letter.
 */
export function masked(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d\.\d{3}Z/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'TIME')
    .replace(/\d+ h( \d+ min)?|\d+ min( \d+ s)?|\d+(\.\d+)? s\b|\d+ ms/g, 'T')
    .replace(/\+T +/g, '+T ')
    .replace(/ (T ago|now)\b/g, ' WHEN')
    .replace(/ +$/gm, '');
}
